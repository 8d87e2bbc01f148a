"""A lost phone, a code on paper, a new phone that reads everything."""

import pytest

from lien.client import Client, ServerFailure
from lien.client.recovery import make_recovery_code, recover
from lien.crypto.recovery import BadRecoveryCode
from lien.crypto.suite import BadSeal
from lien.ids import AccountId, RppsNumber
from tests.client.conftest import Enrol
from tests.running import RunningServer


async def rpps_of(client: Client, account: AccountId) -> RppsNumber:
    answer = await client.device.http.get(f"/api/accounts/{account}")
    return RppsNumber(answer["professional"]["rpps"])


async def test_a_new_phone_reads_everything_with_the_code(
    enrol: Enrol, server: RunningServer
) -> None:
    anne, bruno = await enrol(), await enrol()
    rpps = await rpps_of(bruno, anne.account)
    channel = await anne.open_direct(bruno.account)
    await anne.send_text(channel, "un")
    with pytest.raises(ServerFailure, match="not_found"):
        await recover(server.origin, rpps, "000G-40R4-0M30-E209-185G-R38E-1W4V")
    first, second = [await make_recovery_code(anne.device) for _ in range(2)]

    with pytest.raises(BadSeal):
        await recover(server.origin, rpps, first)
    with pytest.raises(BadRecoveryCode):
        await recover(server.origin, rpps, second[:-1] + "-")
    async with await recover(server.origin, rpps, second) as phone:
        await phone.connect()
        await phone.until(lambda: len(phone.messages(channel)) == 1)
        await phone.send_text(channel, "du nouveau téléphone")
        await bruno.until(lambda: len(bruno.messages(channel)) == 2)

    assert bruno.texts(channel) == ["un", "du nouveau téléphone"]
