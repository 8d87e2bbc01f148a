"""
The account's newest secret, from one own device to the others: sealed to each.

So a rotation made on one of them locks out none. The server's word on whose key is whose is not
believed: the chain's is.
"""

from dataclasses import dataclass, field
from typing import Any

from lien.client.errors import reading_answer
from lien.client.http import Http
from lien.client.keyring import Keyring
from lien.crypto import device as devices
from lien.crypto.chain import ChainState
from lien.crypto.signing import BadSignature
from lien.crypto.suite import BadSeal
from lien.ids import DeviceId, b64decode, b64encode


@dataclass(frozen=True, slots=True)
class _Key:
    device: DeviceId
    sealing_public: bytes
    signature: bytes = field(repr=False)
    generation: int  # of the secret that was sealed to it last, 0 for none


async def take_box(http: Http, keyring: Keyring, state: ChainState) -> None:
    """
    Take the current secret if another device sealed it to this one.

    A box that does not open, or holds a secret that is not the chain's, is left alone.

    Raises: ServerFailure, BadAnswer.
    """
    answer = await http.get("/api/devices/box")
    with reading_answer():
        generation, sealed = int(answer["generation"]), answer["sealed"]
        box = None if sealed is None else b64decode(sealed)
    if box is None or generation != state.generation:
        return
    key = devices.sealing_key(keyring.key.seed)
    try:
        secret = devices.open_secret(key, box, keyring.account, keyring.device, generation)
    except BadSeal:
        return
    if secret.signing.public == state.signing_public:
        keyring.secrets[generation] = secret


async def share(http: Http, keyring: Keyring, state: ChainState) -> None:
    """
    Make this device's key known, and seal the current secret to the devices that lack it.

    Raises: ServerFailure, BadAnswer.
    """
    if len(state.devices) < 2 or keyring.device not in state.devices:
        return
    answer = await http.get("/api/devices/keys")
    with reading_answer():
        keys = [_read_key(one) for one in answer["keys"]]
    if not any(key.device == keyring.device for key in keys):
        await _publish(http, keyring)
    secret = keyring.secrets.get(state.generation)
    if secret is None or secret.signing.public != state.signing_public:
        return
    boxes = [
        {
            "device": key.device,
            "generation": state.generation,
            "sealed": b64encode(
                devices.seal_secret(
                    key.sealing_public, secret, keyring.account, key.device, state.generation
                )
            ),
        }
        for key in keys
        if key.device != keyring.device
        and key.generation < state.generation
        and _is_of_device(key, state)
    ]
    if boxes:
        await http.post("/api/devices/boxes", {"boxes": boxes})


async def _publish(http: Http, keyring: Keyring) -> None:
    public = devices.sealing_key(keyring.key.seed).public
    signature = devices.sign_sealing_key(keyring.key, keyring.account, keyring.device, public)
    body = {"sealing_public": b64encode(public), "signature": b64encode(signature)}
    await http.ask("PUT", "/api/devices/keys", body)


def _is_of_device(key: _Key, state: ChainState) -> bool:
    public = state.devices.get(key.device)
    if public is None:
        return False
    try:
        devices.verify_sealing_key(
            public, state.account, key.device, key.sealing_public, key.signature
        )
    except BadSignature:
        return False
    return True


def _read_key(one: dict[str, Any]) -> _Key:
    return _Key(
        DeviceId(one["device"]),
        b64decode(one["sealing_public"]),
        b64decode(one["signature"]),
        int(one["generation"]),
    )
