"""The account's secrets over time: those that another device made are fetched by this one."""

from contextlib import suppress

from lien.client.contacts import Contacts
from lien.client.device_boxes import share, take_box
from lien.client.http import Http
from lien.client.keyring import Keyring, NoSecret
from lien.crypto.account import AccountSecret


async def catch_up(http: Http, contacts: Contacts, keyring: Keyring) -> None:
    """
    Read the own chain and the secrets another device made; seal to devices that lack one.

    Raises: BadLink, ServerFailure, BadAnswer. A secret that nothing here opens is no error:
    it is asked for again when something sealed to it comes.
    """
    state = await contacts.refresh(keyring.account)
    keyring.drop_refused(state)
    if state.generation not in keyring.secrets and len(state.devices) > 1:
        await take_box(http, keyring, state)
    is_missing = state.generation not in keyring.secrets
    is_behind = not is_missing and len(keyring.secrets) < state.generation
    if is_behind or (is_missing and keyring.wrappings):
        with suppress(NoSecret):
            await keyring.refresh(http, state)
    await share(http, keyring, state)


async def obtain(
    http: Http, contacts: Contacts, keyring: Keyring, generation: int
) -> AccountSecret | None:
    """The secret of a generation, read first where it is not here. Raises: as `catch_up`."""
    state = contacts.find(keyring.account)
    if state is None or keyring.find_secret(generation, state) is None:
        await catch_up(http, contacts, keyring)
        state = await contacts.get(keyring.account)
    return keyring.find_secret(generation, state)
