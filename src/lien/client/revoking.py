"""Revoke an own device: out of the chain, and the secret it knew replaced, in one request."""

from typing import Final

from lien.client.device import Device
from lien.client.errors import ServerFailure
from lien.crypto.chain import RevokeDevice, Signer, apply, make_link
from lien.ids import DeviceId, b64encode

_ATTEMPTS: Final = 4


async def revoke_device(device: Device, revoked: DeviceId) -> None:
    """
    Append both links, and the new secret for every vault entry that is known.

    Raises: ServerFailure, BadLink.
    """
    for _ in range(_ATTEMPTS):
        await device.refresh_own()
        try:
            await _attempt(device, revoked)
            return
        except ServerFailure as failure:
            # Another link came first: on the newer chain, again.
            if failure.answer != "chain_moved":
                raise
    raise ServerFailure("chain_moved")


async def _attempt(device: Device, revoked: DeviceId) -> None:
    keyring, http, contacts = device.keyring, device.http, device.contacts
    state = await contacts.get(device.account)
    revoke = make_link(state, RevokeDevice(revoked), keyring.signer, http.now_ms())
    after = apply(state, revoke, contacts.attestor_public)
    generation = state.generation + 1
    body, secret, earlier = keyring.rotate(generation)
    # A device that revokes itself has signed its last link as a device.
    is_own = revoked == keyring.device
    signer = Signer.account(keyring.secrets[state.generation].signing)
    rotate = make_link(after, body, signer if is_own else keyring.signer, http.now_ms())
    links = [revoke] if after.is_closed else [revoke, rotate]
    keyring.secrets[generation] = secret
    await device.save()  # the server may have taken it even if no answer comes
    await http.post(
        "/api/chain",
        {
            "links": [
                {"link": b64encode(link.data), "signature": b64encode(link.signature)}
                for link in links
            ],
            "earlier": [{"generation": generation - 1, "wrapped": b64encode(earlier)}]
            if rotate in links
            else [],
            "vault": [entry.to_json() for entry in keyring.wrap_all(generation)]
            if rotate in links
            else [],
        },
    )
    contacts.add(device.account, links)
    await device.save()
