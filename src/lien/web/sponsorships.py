"""Sponsorships over HTTP: vouch for somebody, end it; open the link of an invitation, accept it."""

from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import (
    FLOW_TTL_MS,
    Enrolments,
    Given,
    Guests,
    Invited,
    Sessions,
    Sponsorships,
    require_invitation,
)
from lien.clock import Clock
from lien.crypto.signing import SIGNATURE_BYTES
from lien.crypto.sponsorship import MAX_SPONSORSHIP_BYTES, SignedSponsorship
from lien.errors import Malformed
from lien.web import cookies, payload
from lien.web.authentication import FLOW_COOKIE, Authentication, cookie_of
from lien.web.guests import sponsor_json
from lien.web.providers import address_network
from lien.web.sessions import NEW_DEVICE_FIELDS, NewDevice, SessionAnswers, without_flow


@dataclass(frozen=True, slots=True)
class _Signed:
    sponsorship: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Opening:
    invitation: str


@dataclass(frozen=True, slots=True)
class _NewGuest(NewDevice):
    acceptance: bytes = field(repr=False)


_SIGNED: Final = payload.record(
    _Signed,
    sponsorship=payload.blob(most=MAX_SPONSORSHIP_BYTES),
    signature=payload.blob(exactly=SIGNATURE_BYTES),
)
_OPENING: Final = payload.record(_Opening, invitation=payload.text(most=22, least=22))
_NEW_GUEST: Final = payload.record(
    _NewGuest, **NEW_DEVICE_FIELDS, acceptance=payload.blob(exactly=SIGNATURE_BYTES)
)


def routes(
    authentication: Authentication,
    sponsorships: Sponsorships,
    guests: Guests,
    sessions: Sessions,
    enrolments: Enrolments,
    clock: Clock,
) -> list[Route]:
    """`/api/sponsorships` for the sponsor, `/api/invitation` for the guest."""
    answers = SessionAnswers(sessions, clock)

    async def give(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        new = await payload.read_json(request, _SIGNED)
        signed = SignedSponsorship(new.sponsorship, new.signature)
        invitation = await sponsorships.give(caller.account, caller.device, signed)
        return JSONResponse({"invitation": invitation})

    async def list_given(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        given = await sponsorships.list_given(caller.account)
        return JSONResponse(
            {
                "may_invite": await sponsorships.may_invite(caller.account),
                "longest_days": sponsorships.longest_days,
                "sponsorships": [given_json(one, clock.now_ms()) for one in given],
            }
        )

    async def prolong(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        signed = await read_signed(request)
        await guests.prolong(caller.account, caller.device, signed)
        return JSONResponse({})

    async def end(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        invitation = require_invitation(request.path_params["invitation"])
        await sponsorships.end(invitation, caller.account, caller.account)
        return JSONResponse({})

    async def open_link(request: Request) -> Response:
        authentication.check_origin(request.headers)
        await sessions.admit_address(address_network(request))
        asked = await payload.read_json(request, _OPENING)
        invited = await sponsorships.open(require_invitation(asked.invitation))
        response = JSONResponse(invited_json(invited))
        cookies.set_flow(response, enrolments.token_of(invited.flow), FLOW_TTL_MS // 1000)
        return response

    async def accept(request: Request) -> Response:
        authentication.check_origin(request.headers)
        flow = enrolments.read(cookie_of(request, FLOW_COOKIE))
        new = await payload.read_json(request, _NEW_GUEST)
        created = await sponsorships.accept(
            flow, new.signed_link, new.label, new.proof, new.acceptance
        )
        session = await sessions.begin(
            created.account.account,
            created.device,
            flow.nonce,
            new.proof,
            flow.verified_at_ms,
            via="invitation",
        )
        return without_flow(answers.answer(session))

    return [
        Route("/api/sponsorships", give, methods=["POST"]),
        Route("/api/sponsorships", list_given, methods=["GET"]),
        Route("/api/sponsorships/{invitation}", prolong, methods=["PUT"]),
        Route("/api/sponsorships/{invitation}", end, methods=["DELETE"]),
        Route("/api/invitation", open_link, methods=["POST"]),
        Route("/api/invitation/account", accept, methods=["POST"]),
    ]


async def read_signed(request: Request) -> SignedSponsorship:
    """
    A sponsorship that is of the invitation the path names.

    Raises: Malformed, BadSponsorship.
    """
    new = await payload.read_json(request, _SIGNED)
    signed = SignedSponsorship(new.sponsorship, new.signature)
    if signed.content.invitation != request.path_params["invitation"]:
        raise Malformed("the sponsorship is of another invitation")
    return signed


def given_json(given: Given, now_ms: int) -> dict[str, Any]:
    """A `Sponsorship` of docs/protocol.md."""
    content = given.content
    return {
        "invitation": given.invitation,
        "family_name": content.family_name,
        "given_name": content.given_name,
        "role": content.role,
        "given_at_ms": content.at_ms,
        "ends_at_ms": content.ends_at_ms,
        "state": given.state_at(now_ms),
        "account": given.guest,
    }


def invited_json(invited: Invited) -> dict[str, Any]:
    """An `Invited` of docs/protocol.md."""
    content, sponsor = invited.content, invited.sponsor
    return {
        "family_name": content.family_name,
        "given_name": content.given_name,
        "role": content.role,
        "ends_at_ms": content.ends_at_ms,
        "sponsor": sponsor_json(sponsor),
    }
