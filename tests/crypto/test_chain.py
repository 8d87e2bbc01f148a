"""The chain of an account: what it says after each link, and what may not follow."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.crypto import chain
from lien.crypto.chain import Attestors, BadLink, ChainState, Link
from lien.crypto.suite import hash32
from lien.ids import AccountId
from tests.crypto.vectors import Vector, entries, section

ATTESTOR = Attestors.of(bytes.fromhex(section("attestor_public")))
LINKS = [
    Link(bytes.fromhex(one["data"]), bytes.fromhex(one["signature"]))
    for one in section("chain")["links"]
]

LEAVING = [
    Link(bytes.fromhex(one["data"]), bytes.fromhex(one["signature"]))
    for one in section("leaving")["links"]
]


def after(number: int) -> ChainState | None:
    return chain.replay(LINKS[:number], ATTESTOR) if number else None


def last_of(vector: Vector) -> Link:
    return Link(vector.bytes_of("data"), vector.bytes_of("signature"))


def test_what_the_chain_says_after_each_link() -> None:
    state: ChainState | None = None
    for link, expected in zip(LINKS, section("chain")["states"], strict=True):
        state = chain.apply(state, link, ATTESTOR)
        assert said(state) == expected


@entries("chain_refused")
def test_a_link_that_may_not_follow_is_refused(vector: Vector) -> None:
    with pytest.raises(BadLink):
        chain.apply(after(vector["after"]), last_of(vector), ATTESTOR)


def test_an_account_leaves_comes_back_and_is_closed() -> None:
    state: ChainState | None = None
    for link, expected in zip(LEAVING, section("leaving")["states"], strict=True):
        state = chain.apply(state, link, ATTESTOR)
        assert said(state) == expected


@entries("leaving_refused")
def test_only_the_attestor_says_who_takes_part(vector: Vector) -> None:
    state = chain.replay(LEAVING[: vector["after"]], ATTESTOR)
    with pytest.raises(BadLink):
        chain.apply(state, last_of(vector), ATTESTOR)


@entries("remembered_refused")
def test_a_chain_that_contradicts_what_is_remembered_is_refused(vector: Vector) -> None:
    remembered = after(vector["remembered"] + 1)
    assert remembered is not None
    links = [*LINKS[: vector["after"]], last_of(vector)]

    chain.replay(links, ATTESTOR)
    with pytest.raises(BadLink):
        chain.replay(links, ATTESTOR, expected=remembered.remembered)


def test_a_chain_that_grew_is_accepted() -> None:
    start = after(3)
    assert start is not None

    assert chain.replay(LINKS, ATTESTOR, expected=start.remembered) == after(8)
    assert chain.replay(LINKS[3:], ATTESTOR, start=start, expected=start.remembered) == after(8)
    assert chain.replay([], ATTESTOR, start=start, expected=start.remembered) == start


def test_a_chain_of_another_account_or_of_no_link_is_refused() -> None:
    with pytest.raises(BadLink):
        chain.replay(LINKS, ATTESTOR, expected_account=AccountId("A" * 22))
    with pytest.raises(BadLink):
        chain.replay([], ATTESTOR)


def test_a_revoked_device_is_still_known_by_its_key() -> None:
    """What it signed while it was active must still be verified."""
    state = after(8)
    assert state is not None
    for device, public in state.revoked.items():
        assert state.find_device_public(device) == public


@given(st.integers(0, 7), st.data())
@settings(max_examples=60)
def test_every_changed_byte_is_refused(number: int, data: st.DataObject) -> None:
    link = LINKS[number]
    place = data.draw(st.integers(0, len(link.data) - 1))
    change = data.draw(st.integers(1, 255))
    changed = link.data[:place] + bytes([link.data[place] ^ change]) + link.data[place + 1 :]

    with pytest.raises(BadLink):
        chain.apply(after(number), Link(changed, link.signature), ATTESTOR)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with pytest.raises(BadLink):
        chain.apply(None, Link(data, bytes(64)), ATTESTOR)


def test_a_link_is_read_as_it_was_written() -> None:
    from lien.crypto.link import encode_link

    for link in LINKS:
        assert encode_link(chain.decode_link(link.data)) == link.data


def said(state: ChainState) -> dict[str, Any]:
    who = state.identity
    return {
        "account": state.account,
        "length": state.length,
        "head": state.head.hex(),
        "devices": {device: public.hex() for device, public in state.devices.items()},
        "revoked": {device: public.hex() for device, public in state.revoked.items()},
        "generation": state.generation,
        "signing_public": state.signing_public.hex(),
        "sealing_public_hash": hash32(state.sealing_public).hex(),
        "signing_publics": {
            str(number): public.hex() for number, public in state.signing_publics.items()
        },
        "is_stale": state.is_stale,
        "is_closed": state.is_closed,
        "standing": [state.standing.standing, state.standing.reason],
        "departed_generation": state.departed_generation,
        "is_departed": state.is_departed,
        "identity": None
        if who is None
        else [
            *(who.rpps, who.family_name, who.given_name, who.profession_code),
            *(who.category, who.provider, who.verified_at_ms),
        ],
    }
