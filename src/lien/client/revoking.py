"""Replace the account secret: with a revoked device in one request, or after coming back."""

from typing import Final

from lien.client.device import Device
from lien.client.device_boxes import share
from lien.client.errors import ServerFailure
from lien.crypto.chain import Link, RevokeDevice, Signer, apply, make_link
from lien.ids import DeviceId, b64encode

_ATTEMPTS: Final = 4


async def revoke_device(device: Device, revoked: DeviceId) -> None:
    """
    Append both links, and the new secret for every vault entry that is known.

    One that is not in the chain is left alone: it was revoked when an answer was lost, or by
    another device. Raises: ServerFailure, BadLink.
    """
    await _until_it_follows(device, revoked)


async def renew_secret(device: Device) -> None:
    """
    After the account was open again: nobody seals to the secret it left with.

    Raises: ServerFailure, BadLink.
    """
    state = await device.contacts.refresh(device.account)
    if state.standing.standing == "open" and state.generation <= state.left:
        await _until_it_follows(device, None)


async def _until_it_follows(device: Device, revoked: DeviceId | None) -> None:
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


async def _attempt(device: Device, revoked: DeviceId | None) -> None:
    keyring, http, contacts = device.keyring, device.http, device.contacts
    state = after = await contacts.get(device.account)
    links: list[Link] = []
    if revoked is not None and revoked not in state.devices:
        return
    if revoked is not None:
        body = RevokeDevice(revoked)
        links.append(make_link(state, body, keyring.signer, http.now_ms()))
        after = apply(state, links[0], contacts.attestors)
    generation = state.generation + 1
    renewal, secret, earlier = keyring.rotate(generation)
    # A device that revokes itself has signed its last link as a device.
    is_own = revoked == keyring.device
    signer = Signer.account(keyring.secrets[state.generation].signing)
    rotate = make_link(after, renewal, signer if is_own else keyring.signer, http.now_ms())
    if not after.is_closed:
        links.append(rotate)
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
    if not is_own:
        await share(http, keyring, await contacts.get(device.account))
