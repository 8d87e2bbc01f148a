"""
Who somebody is and where they practise, out of what their provider and the directory say. Pure.
"""

from collections.abc import Sequence
from dataclasses import replace

from lien.accounts.errors import NotSignedIn, SituationNeeded
from lien.accounts.models import Flow, Practice
from lien.crypto.chain import Identity, Situation
from lien.directory import Professional
from lien.errors import Malformed
from lien.ids import RppsNumber


def practices_of(professional: Professional, told: Sequence[Practice]) -> tuple[Practice, ...]:
    """
    What a person chooses from: what the provider told, with the directory's names of communes;
    where it told nothing, the activities of the directory.
    """
    if not told:
        places = professional.activities
        own = Practice(professional.profession_code, professional.category, None)
        listed = [
            replace(own, situation=Situation(at.structure, at.commune, at.postcode, at.mode))
            for at in places
        ]
        return tuple(dict.fromkeys(listed or [own]))
    communes = {at.postcode: at.commune for at in reversed(professional.activities)}
    communes_of = {
        (at.structure, at.postcode): at.commune for at in reversed(professional.activities)
    }
    found = []
    for one in told:
        at = one.situation
        if at is not None and not at.commune:
            known = communes_of.get((at.structure, at.postcode), communes.get(at.postcode, ""))
            one = replace(one, situation=replace(at, commune=known))
        found.append(one)
    return tuple(dict.fromkeys(found))


def require_choice(practices: Sequence[Practice], choice: int | None) -> Practice:
    """
    Return what the person chose; who has one practice need not choose.

    Raises: SituationNeeded, Malformed.
    """
    if choice is None:
        if len(practices) != 1:
            raise SituationNeeded("one of several situations must be chosen")
        return practices[0]
    if choice >= len(practices):
        raise Malformed("there is no such situation")
    return practices[choice]


def require_rpps(flow: Flow) -> RppsNumber:
    """
    Return the number a provider vouched for.

    Raises: NotSignedIn.
    """
    if flow.rpps is None:
        raise NotSignedIn("the flow is of nobody with a number")
    return flow.rpps


def identity_of(professional: Professional, practice: Practice, flow: Flow) -> Identity:
    """What the attestor says of somebody who signs up."""
    return Identity(
        rpps=professional.rpps,
        family_name=professional.family_name,
        given_name=professional.given_name,
        profession_code=practice.profession_code,
        category=practice.category,
        provider=flow.provider,
        verified_at_ms=flow.verified_at_ms,
        situation=practice.situation,
    )


def moved(identity: Identity, practice: Practice) -> Identity:
    """The same person, in another situation."""
    return replace(
        identity,
        profession_code=practice.profession_code,
        category=practice.category,
        situation=practice.situation,
    )
