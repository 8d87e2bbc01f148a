"""Who an account belongs to: situations, guests, and the succession of attestor keys."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from lien.crypto import chain, sponsorship
from lien.crypto.attestor import Attestors, BadSuccession, Succession, first_of
from lien.crypto.chain import BadLink, Link
from lien.crypto.sponsorship import BadSponsorship, SignedSponsorship
from lien.ids import AccountId

VECTORS: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors/identity.json").read_text()
)
PUBLICS: Final = [bytes.fromhex(one) for one in VECTORS["succession"]["publics"]]
ATTESTORS: Final = Attestors(tuple(PUBLICS))


def link_of(entry: dict[str, Any]) -> Link:
    return Link(bytes.fromhex(entry["data"]), bytes.fromhex(entry["signature"]))


def links_of(name: str) -> list[Link]:
    return [link_of(one) for one in VECTORS[name]["links"]]


def steps_of(entry: dict[str, Any]) -> list[Succession]:
    return [
        Succession(bytes.fromhex(one["step"]), bytes.fromhex(one["signature"]))
        for one in entry["steps"]
    ]


def test_an_identity_gains_a_situation_and_later_keys() -> None:
    state = None
    for number, link in enumerate(links_of("placed")):
        state = chain.apply(state, link, ATTESTORS)
        at = state.identity.situation if state.identity else None
        shown = [at.structure, at.commune, at.postcode, at.mode] if at else None
        assert shown == VECTORS["placed"]["situations"][number]
        assert state.attestor == VECTORS["placed"]["attestors"][number]


def test_who_does_not_know_a_later_key_refuses_what_it_signed() -> None:
    with pytest.raises(BadLink):
        chain.replay(links_of("placed"), Attestors(tuple(PUBLICS[:2])))


@pytest.mark.parametrize("entry", VECTORS["placed_refused"], ids=lambda one: one["why"])
def test_what_may_not_follow_an_identity_is_refused(entry: dict[str, Any]) -> None:
    state = chain.replay(links_of("placed")[: entry["after"]], ATTESTORS)
    with pytest.raises(BadLink):
        chain.apply(state, link_of(entry), ATTESTORS)


def test_a_guest_is_vouched_for_and_prolonged() -> None:
    state = None
    for number, link in enumerate(links_of("guest")):
        state = chain.apply(state, link, ATTESTORS)
        ends = state.sponsored.content.ends_at_ms if state.sponsored else None
        assert ends == VECTORS["guest"]["ends_at_ms"][number]
    assert chain.replay(links_of("guest_of_deployment"), ATTESTORS).sponsored is not None


@pytest.mark.parametrize("entry", VECTORS["guest_refused"], ids=lambda one: one["why"])
def test_what_makes_nobody_a_guest_is_refused(entry: dict[str, Any]) -> None:
    state = chain.replay(links_of("guest")[: entry["after"]], ATTESTORS)
    with pytest.raises(BadLink):
        chain.apply(state, link_of(entry), ATTESTORS)


def test_a_link_holds_a_secret_that_accepts_for_one_account() -> None:
    said = VECTORS["invitation"]
    secret, account = bytes.fromhex(said["secret"]), AccountId(said["account"])
    key = sponsorship.invitation_key(secret)

    assert key.public.hex() == said["public"]
    assert sponsorship.invitation_of(key.public) == said["id"]
    assert sponsorship.accept(secret, account).hex() == said["acceptance"]


def test_a_sponsorship_is_read_as_it_was_signed() -> None:
    said = VECTORS["sponsorship"]
    signed = SignedSponsorship(bytes.fromhex(said["data"]), bytes.fromhex(said["signature"]))
    read = sponsorship.verify_sponsorship(signed, bytes.fromhex(said["device_public"]))

    fields = [read.sponsor, read.device, read.family_name, read.given_name, read.role]
    assert [*fields, read.ends_at_ms, read.at_ms] == said["fields"]
    # The names are people's: a log line of it shows none.
    assert "FICTIF" not in repr(read)


@pytest.mark.parametrize("entry", VECTORS["sponsorship_refused"], ids=lambda one: one["why"])
def test_a_sponsorship_nobody_signed_is_refused(entry: dict[str, Any]) -> None:
    signed = SignedSponsorship(bytes.fromhex(entry["data"]), bytes.fromhex(entry["signature"]))
    public = bytes.fromhex(VECTORS["sponsorship"]["device_public"])
    with pytest.raises(BadSponsorship):
        sponsorship.verify_sponsorship(signed, public)


def test_attestor_keys_follow_one_from_the_other() -> None:
    steps = steps_of(VECTORS["succession"])

    assert first_of(steps, PUBLICS[-1]) == ATTESTORS
    assert Attestors.of(PUBLICS[0]).follow(steps) == ATTESTORS
    assert ATTESTORS.require_known(Attestors.of(PUBLICS[0])) == ATTESTORS


@pytest.mark.parametrize("entry", VECTORS["succession_refused"], ids=lambda one: one["why"])
def test_a_succession_that_does_not_follow_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(BadSuccession):
        first_of(steps_of(entry), PUBLICS[-1]).require_known(Attestors.of(PUBLICS[0]))


def test_another_attestor_or_a_shorter_succession_is_refused() -> None:
    for shown in (Attestors.of(PUBLICS[1]), Attestors(tuple(PUBLICS[:2]))):
        with pytest.raises(BadSuccession):
            shown.require_known(ATTESTORS)
