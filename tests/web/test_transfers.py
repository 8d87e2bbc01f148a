"""A new device from an old one, through the door: once, in time, by a device signed in just now."""

from dataclasses import dataclass, field

import httpx

from lien.crypto import device as devices
from lien.crypto.chain import AddDevice, Signer, make_link
from lien.crypto.proofs import prove_enrol
from lien.crypto.sealing import SealingKey
from lien.crypto.signing import SigningKey
from lien.ids import DeviceId, TransferId, b64decode, b64encode, new_id
from tests.directory.rows import NUMBERS
from tests.web.signing_in import Deployment, Phone, error_of


@dataclass
class Newcomer:
    """A device fresh out of the box, that shows its code."""

    http: httpx.AsyncClient
    device: DeviceId = field(default_factory=lambda: DeviceId(new_id()))
    key: SigningKey = field(default_factory=SigningKey.generate)
    sealing: SealingKey = field(default_factory=lambda: SealingKey.from_seed(bytes(32)))
    nonce: bytes = b""

    @property
    def hello(self) -> bytes:
        public = self.sealing.public
        return devices.encode_hello(self.device, self.key.public, public, "Tablette")

    @property
    def transfer(self) -> TransferId:
        return devices.transfer_id(devices.transfer_code(self.hello))

    async def offer(self) -> httpx.Response:
        body = {"hello": b64encode(self.hello)}
        answer = await self.http.put(f"/api/transfers/{self.transfer}", json=body)
        if answer.is_success:
            self.nonce = b64decode(answer.json()["nonce"])
        return answer

    async def sign_in(self, phone: Phone) -> httpx.Response:
        body = {
            "account": phone.account,
            "device": self.device,
            "proof": b64encode(prove_enrol(self.key, self.nonce, self.device)),
        }
        return await self.http.post(f"/api/transfers/{self.transfer}/session", json=body)


async def let_in(phone: Phone, newcomer: Newcomer) -> httpx.Response:
    """What the old device does once its owner has said yes."""
    state = await phone.chain()
    if newcomer.device not in state.devices:
        added = AddDevice(newcomer.device, newcomer.key.public)
        link = make_link(state, added, Signer.device(phone.device, phone.key), 1)
        links = [{"link": b64encode(link.data), "signature": b64encode(link.signature)}]
        body = {"links": links, "earlier": [], "vault": []}
        assert (await phone.call("POST", "/api/chain", body)).status_code == 200
    sealed = devices.seal_transfer(
        newcomer.sealing.public, newcomer.hello, phone.account, 1, phone.secret
    )
    path = f"/api/transfers/{newcomer.transfer}/answer"
    return await phone.call("POST", path, {"device": newcomer.device, "sealed": b64encode(sealed)})


async def test_a_new_device_is_let_in_and_signed_in_once(
    deployment: Deployment, phone: Phone
) -> None:
    newcomer = Newcomer(deployment.browser())
    assert (await newcomer.offer()).status_code == 200
    seen = await phone.call("GET", f"/api/transfers/{newcomer.transfer}/hello")
    assert b64decode(seen.json()["hello"]) == newcomer.hello
    waiting = await newcomer.http.get(f"/api/transfers/{newcomer.transfer}")
    assert waiting.json() == {"sealed": None}

    assert (await let_in(phone, newcomer)).status_code == 200

    answered = await newcomer.http.get(f"/api/transfers/{newcomer.transfer}")
    assert answered.json()["sealed"] is not None
    assert (await newcomer.sign_in(phone)).status_code == 200
    assert error_of(await newcomer.sign_in(phone)) == "not_signed_in"


async def test_letters_are_written_once_and_live_two_minutes(
    deployment: Deployment, phone: Phone
) -> None:
    newcomer = Newcomer(deployment.browser())
    await newcomer.offer()
    assert error_of(await newcomer.offer()) == "conflict"
    await let_in(phone, newcomer)
    assert error_of(await let_in(phone, newcomer)) == "conflict"
    left = await deployment.stored.sessions._call("TTL", f"once:transfer:{newcomer.transfer}")
    assert 0 < left <= 120


async def test_only_a_device_signed_in_just_now_lets_another_in(
    deployment: Deployment, phone: Phone
) -> None:
    deployment.clock.advance(seconds=601)
    newcomer = Newcomer(deployment.browser())
    await newcomer.offer()
    seen = await phone.call("GET", f"/api/transfers/{newcomer.transfer}/hello")
    assert error_of(seen) == error_of(await let_in(phone, newcomer)) == "fresh_sign_in_needed"


async def test_nobody_answers_for_a_device_of_another_account(
    deployment: Deployment, phone: Phone
) -> None:
    newcomer = Newcomer(deployment.browser())
    await newcomer.offer()
    stranger = deployment.phone()
    await stranger.create_account(NUMBERS[1])
    path = f"/api/transfers/{newcomer.transfer}/answer"

    answer = await stranger.call("POST", path, {"device": newcomer.device, "sealed": "AAAA"})

    assert error_of(answer) == "not_found"
    await let_in(phone, newcomer)
    thief = Newcomer(newcomer.http, newcomer.device, SigningKey.generate(), nonce=newcomer.nonce)
    body = {
        "account": phone.account,
        "device": thief.device,
        "proof": b64encode(prove_enrol(thief.key, thief.nonce, thief.device)),
    }
    stolen = await newcomer.http.post(f"/api/transfers/{newcomer.transfer}/session", json=body)
    assert error_of(stolen) == "not_signed_in"
