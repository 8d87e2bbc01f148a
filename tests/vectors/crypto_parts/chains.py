"""The chain of one account from its creation to its end, and links that may not follow."""

from collections.abc import Callable
from typing import Any, Final

import msgpack

from lien.crypto import chain
from lien.crypto.account import AccountSecret
from lien.crypto.chain import ChainState, Link, Signer
from lien.crypto.suite import hash32
from lien.ids import DeviceId, RppsNumber
from tests.vectors.crypto_parts.people import (
    ANNE,
    AT_MS,
    ATTESTOR,
    ATTESTORS,
    BRUNO,
    flip,
    ident,
    key,
    raw,
)


def pair(link: Link) -> dict[str, bytes]:
    return {"data": link.data, "signature": link.signature}


def state_of(state: ChainState) -> dict[str, Any]:
    who = state.identity
    return {
        "account": state.account,
        "length": state.length,
        "head": state.head,
        "devices": dict(state.devices),
        "revoked": dict(state.revoked),
        "generation": state.generation,
        "signing_public": state.signing_public,
        "sealing_public_hash": hash32(state.sealing_public),
        "signing_publics": {str(number): one for number, one in state.signing_publics.items()},
        "is_stale": state.is_stale,
        "is_closed": state.is_closed,
        "standing": [state.standing.standing, state.standing.reason],
        "departed_generation": state.departed_generation,
        "is_departed": state.is_departed,
        "identity": None
        if who is None
        else [
            who.rpps,
            who.family_name,
            who.given_name,
            who.profession_code,
            who.category,
            who.provider,
            who.verified_at_ms,
        ],
    }


IDENTITY: Final = chain.Identity(
    RppsNumber("99000000018"), "FICTIF-HOARAU", "Anne-Laïs", "10", "C", "mock", AT_MS
)
PHONE, TABLET = DeviceId(ident("anne phone")), DeviceId(ident("anne tablet"))


def chains() -> dict[str, Any]:
    second = AccountSecret.from_bytes(raw("anne secret 2"))
    rotate = chain.RotateSecret(2, second.signing.public, second.sealing.public)
    phone, tablet = key("anne phone key"), key("anne tablet key")
    by_account, by_attestor = Signer.account(ANNE.secret.signing), Signer.attestor(ATTESTOR)
    bodies: list[tuple[chain.Body, Signer]] = [
        (IDENTITY, by_attestor),
        (chain.AddDevice(PHONE, phone.public), ANNE.by_device),
        (chain.AddDevice(TABLET, tablet.public), by_account),
        (chain.RevokeDevice(ANNE.device), Signer.device(PHONE, phone)),
        (rotate, Signer.device(PHONE, phone)),
        (chain.RevokeDevice(PHONE), Signer.account(second.signing)),
        (chain.RevokeDevice(TABLET), Signer.device(TABLET, tablet)),
    ]
    links = [chain.create_chain(ANNE.account, ANNE.create, ANNE.key, AT_MS)]
    states = [chain.apply(None, links[0], ATTESTORS)]
    for number, (body, signer) in enumerate(bodies, 1):
        links.append(chain.make_link(states[-1], body, signer, AT_MS + number))
        states.append(chain.apply(states[-1], links[-1], ATTESTORS))
    fork = chain.make_link(states[1], chain.AddDevice(TABLET, tablet.public), ANNE.by_device, AT_MS)
    return {
        "attestor_public": ATTESTOR.public,
        "chain": {"links": [pair(link) for link in links], "states": [state_of(s) for s in states]},
        "chain_refused": chains_refused(links, states, rotate),
        "remembered_refused": [
            {"why": "a fork", "remembered": 3, "after": 2, **pair(fork)},
            {"why": "a shorter chain", "remembered": 3, "after": 2, **pair(links[2])},
        ],
    }


def leavings() -> dict[str, Any]:
    """An account that is suspended, comes back, renews its secret, and is closed."""
    second = AccountSecret.from_bytes(raw("anne secret 2"))
    by_attestor = Signer.attestor(ATTESTOR)
    rotate = chain.RotateSecret(2, second.signing.public, second.sealing.public)
    bodies: list[tuple[chain.Body, Signer]] = [
        (chain.Standing("suspended", "left_directory"), by_attestor),
        (IDENTITY, by_attestor),
        (chain.Standing("open", "provider"), by_attestor),
        (rotate, ANNE.by_device),
        (chain.Standing("closed", "owner"), by_attestor),
    ]
    links = [chain.create_chain(ANNE.account, ANNE.create, ANNE.key, AT_MS)]
    states = [chain.apply(None, links[0], ATTESTORS)]
    for number, (body, signer) in enumerate(bodies, 1):
        links.append(chain.make_link(states[-1], body, signer, AT_MS + number))
        states.append(chain.apply(states[-1], links[-1], ATTESTORS))
    refusals = Refusals(states)
    change, by_account = refusals.change, Signer.account(ANNE.secret.signing)
    change("a device added while suspended", 2, SPARE, ANNE.by_device)
    change("a rotation while suspended", 3, rotate, ANNE.by_device)
    change("suspended again", 2, chain.Standing("suspended", "operator"), by_attestor)
    change("open again without having left", 1, chain.Standing("open", "operator"), by_attestor)
    change("a standing by a device", 1, chain.Standing("suspended", "owner"), ANNE.by_device)
    change("a standing by the account", 2, chain.Standing("open", "owner"), by_account)
    other = Signer.attestor(key("other"))
    change("a standing by another attestor", 1, chain.Standing("closed", "owner"), other)
    change("anything after the end", 6, chain.Standing("open", "operator"), by_attestor)
    change("a reason that is too long", 1, chain.Standing("closed", "x" * 33), by_attestor)
    return {
        "leaving": {
            "links": [pair(link) for link in links],
            "states": [state_of(s) for s in states],
        },
        "leaving_refused": refusals.found,
    }


class Refusals:
    """Links that may not come after the first `before` links of the chain."""

    def __init__(self, states: list[ChainState]) -> None:
        self.found: list[dict[str, Any]] = []
        self._states = states

    def refuse(self, why: str, before: int, last: Link) -> None:
        self.found.append({"why": why, "after": before, **pair(last)})

    def change(self, why: str, before: int, body: chain.Body, signer: Signer) -> None:
        """A link that is well made."""
        self.refuse(why, before, chain.make_link(self._states[before - 1], body, signer, AT_MS))

    def edit(self, why: str, edited: Callable[[list[Any]], object]) -> None:
        """An `add_device` by the first device with its fields changed, signed all the same."""
        proper = chain.make_link(self._states[1], SPARE, ANNE.by_device, AT_MS)
        fields = msgpack.unpackb(proper.data)
        edited(fields)
        data = msgpack.packb(fields)
        self.refuse(why, 2, Link(data, ANNE.key.sign("lien/v1/link", data)))


SPARE_KEY: Final = key("spare")
SPARE: Final = chain.AddDevice(DeviceId(ident("spare")), SPARE_KEY.public)


def chains_refused(
    links: list[Link], states: list[ChainState], rotate: chain.RotateSecret
) -> list[dict[str, Any]]:
    refusals = Refusals(states)
    _bytes_refused(refusals, links)
    _fields_refused(refusals)
    _signers_refused(refusals)
    _changes_refused(refusals, rotate)
    return refusals.found


def _bytes_refused(refusals: Refusals, links: list[Link]) -> None:
    refuse = refusals.refuse
    refuse("a bad signature", 2, Link(links[2].data, flip(links[2].signature)))
    refuse("changed bytes", 2, Link(links[2].data[:-3] + b"AAA", links[2].signature))
    refuse("a link again", 3, links[2])
    refuse("a skipped number", 2, links[3])
    refuse("a second create", 2, links[0])
    refuse("no create at the beginning", 0, links[1])
    other = chain.create_chain(BRUNO.account, BRUNO.create, BRUNO.key, AT_MS)
    refuse("a create of another account", 1, other)
    wrong = chain.create_chain(ANNE.account, ANNE.create, BRUNO.key, AT_MS)
    refuse("a create signed by another key", 0, wrong)


def _fields_refused(refusals: Refusals) -> None:
    def put(place: int, value: object) -> Callable[[list[Any]], object]:
        return lambda fields: fields.__setitem__(place, value)

    edit = refusals.edit
    edit("a wrong previous hash", put(3, raw("previous")))
    edit("another account", put(1, BRUNO.account))
    edit("a number too high", put(2, 3))
    edit("an unknown kind", put(4, "add_key"))
    edit("an unknown version", put(0, 2))
    edit("a missing field", lambda fields: fields.pop())
    edit("an extra field", lambda fields: fields.append(0))
    edit("an extra body field", lambda fields: fields[5].append(0))
    edit("text for bytes", put(5, [SPARE.device, "x" * 32]))
    edit("a device id that is none", put(5, ["A" * 21 + "B", SPARE.device_public]))
    edit("a small-order device key", put(5, [SPARE.device, bytes(32)]))
    edit("a signer that is none", put(7, "server"))
    edit("a link that is too long", put(5, [SPARE.device, bytes(2048)]))


def _signers_refused(refusals: Refusals) -> None:
    phone_key, change = key("anne phone key"), refusals.change
    by_account = Signer.account(ANNE.secret.signing)
    change("signed by a revoked device", 5, SPARE, ANNE.by_device)
    change("signed by a device not in the chain", 2, SPARE, Signer.device(PHONE, phone_key))
    change("self-signed by the added device", 2, SPARE, Signer.device(SPARE.device, SPARE_KEY))
    change("signed by another device's key", 3, SPARE, Signer.device(ANNE.device, phone_key))
    change("signed by an account key of before the rotation", 6, SPARE, by_account)
    change("a device added by the attestor", 2, SPARE, Signer.attestor(ATTESTOR))
    change("an identity by a device", 1, IDENTITY, ANNE.by_device)
    change("an identity by the account", 1, IDENTITY, by_account)
    change("an identity by another attestor", 1, IDENTITY, Signer.attestor(key("other")))


def _changes_refused(refusals: Refusals, rotate: chain.RotateSecret) -> None:
    phone, change = Signer.device(PHONE, key("anne phone key")), refusals.change
    publics = (rotate.signing_public, rotate.sealing_public)
    known = chain.AddDevice(PHONE, SPARE_KEY.public)
    change("a device id returns", 3, known, ANNE.by_device)
    change("a device key returns", 2, chain.AddDevice(PHONE, ANNE.key.public), ANNE.by_device)
    change("a revoked device returns", 5, chain.AddDevice(ANNE.device, SPARE_KEY.public), phone)
    change("a revoked key returns", 5, chain.AddDevice(SPARE.device, ANNE.key.public), phone)
    change("revoking a device twice", 5, chain.RevokeDevice(ANNE.device), phone)
    change("revoking an unknown device", 2, chain.RevokeDevice(PHONE), ANNE.by_device)
    change("a skipped generation", 5, chain.RotateSecret(3, *publics), phone)
    change("a generation again", 6, rotate, phone)
    change("anything after the last device", 8, SPARE, Signer.account(key("none")))
