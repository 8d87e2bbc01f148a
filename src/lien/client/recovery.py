"""The recovery code: made on a device, and opening the account on a new one."""

from lien.client import enrolment
from lien.client.client import Client
from lien.client.contacts import Contacts, links_of
from lien.client.device import Device
from lien.client.enrolment import Session
from lien.client.errors import reading_answer
from lien.client.http import Http
from lien.client.keyring import Keyring, vault_of
from lien.client.provider import sign_in_with_mock
from lien.clock import Clock, SystemClock
from lien.crypto.recovery import format_recovery_code, new_recovery_code, parse_recovery_code
from lien.crypto.vault import RECOVERY
from lien.ids import AccountId, RppsNumber, b64decode, b64encode


async def make_recovery_code(device: Device) -> str:
    """A new code in place of any before. Raises: ServerFailure."""
    code = new_recovery_code()
    device.keyring.wrappings[RECOVERY] = code
    for entry in device.keyring.wrap_all(max(device.keyring.secrets)):
        if entry.wrapper == RECOVERY:
            body = {"generation": entry.generation, "wrapped": b64encode(entry.wrapped)}
            await device.http.ask("PUT", f"/api/vault/{RECOVERY}", body)
    await device.save()
    return format_recovery_code(code)


async def join_by_recovery_code(http: Http, text: str) -> tuple[Device, Session]:
    """
    A new device of a known account, after the provider has answered.

    Raises: ServerFailure (`not_found` when no code was made), BadRecoveryCode, NoSecret, BadSeal.
    """
    code = parse_recovery_code(text)
    attestors = await enrolment.read_status(http)
    begun = await http.get("/api/enrolment")
    opened = await http.post("/api/enrolment/recovery", {})
    with reading_answer():
        nonce, account = b64decode(begun["nonce"]), AccountId(begun["account"])
    contacts = Contacts(http, attestors)
    state = contacts.add(account, links_of(opened, "links"))
    keyring = Keyring.new(account)
    keyring.wrappings[RECOVERY] = code
    keyring.open_vault(vault_of(opened), state)
    del keyring.wrappings[RECOVERY]  # see docs/keys.md
    return await enrolment.join(http, keyring, contacts, state, nonce)


async def recover(origin: str, rpps: RppsNumber, code: str, clock: Clock | None = None) -> Client:
    """A new device of this professional's account, through the mock provider."""
    http = Http(origin, clock or SystemClock())
    try:
        await sign_in_with_mock(http, rpps)
        return Client(*await join_by_recovery_code(http, code))
    except BaseException:
        await http.close()
        raise
