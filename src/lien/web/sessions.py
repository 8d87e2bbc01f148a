"""Enrolment and sessions over HTTP: what a flow leads to, and what follows while it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import (
    Accounts,
    Enrolments,
    Flow,
    Session,
    Sessions,
)
from lien.clock import Clock
from lien.conversations import Conversations
from lien.crypto.chain import MAX_LINK_BYTES, Link
from lien.crypto.signing import SIGNATURE_BYTES
from lien.directory import Directory
from lien.ids import AccountId, DeviceId, b64encode
from lien.web import cookies, payload
from lien.web.authentication import FLOW_COOKIE, SESSION_COOKIE, Authentication, cookie_of
from lien.web.directory import professional_json
from lien.web.situations import CHOICE, practices_json

_MAX_LABEL: Final = 128


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that enters a chain: its own account's first link, or one more."""

    link: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    label: str = field(repr=False)
    proof: bytes = field(repr=False)

    @property
    def signed_link(self) -> Link:
        return Link(self.link, self.signature)


@dataclass(frozen=True, slots=True)
class _NewAccount(NewDevice):
    """The first device, in one of the situations that were offered; None when there is one."""

    situation: int | None


@dataclass(frozen=True, slots=True)
class _KnownDevice:
    account: AccountId
    device: DeviceId
    proof: bytes = field(repr=False)


NEW_DEVICE_FIELDS: Final[Mapping[str, payload.Field[Any]]] = {
    "link": payload.blob(most=MAX_LINK_BYTES),
    "signature": payload.blob(exactly=SIGNATURE_BYTES),
    "label": payload.text(most=_MAX_LABEL),
    "proof": payload.blob(exactly=SIGNATURE_BYTES),
}
_NEW_DEVICE: Final = payload.record(NewDevice, **NEW_DEVICE_FIELDS)
_NEW_ACCOUNT: Final = payload.record(
    _NewAccount, **NEW_DEVICE_FIELDS, situation=payload.maybe(CHOICE)
)
_KNOWN_DEVICE: Final = payload.record(
    _KnownDevice,
    account=payload.account,
    device=payload.device,
    proof=payload.blob(exactly=SIGNATURE_BYTES),
)


class SessionAnswers:
    """A session as JSON and cookie; used by every way to sign in."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    def answer(self, session: Session, *, is_new: bool = True) -> Response:
        """A `Session` of docs/protocol.md, with its cookie when it is new."""
        now_ms = self._clock.now_ms()
        response = JSONResponse(
            {
                "session": session.session,
                "account": session.account,
                "device": session.device,
                "server_at_ms": now_ms,
                "idle_ends_at_ms": session.idle_ends_at_ms,
                "ends_at_ms": session.ends_at_ms,
            }
        )
        if is_new:
            seconds = max(1, (session.ends_at_ms - now_ms) // 1000)
            cookies.set_session(response, self._sessions.token_of(session), seconds)
        return response


def routes(
    authentication: Authentication,
    accounts: Accounts,
    sessions: Sessions,
    enrolments: Enrolments,
    conversations: Conversations,
    directory: Directory,
    clock: Clock,
) -> list[Route]:
    """`/api/enrolment`, `/api/session`, and the two requests that put a first device somewhere."""
    answers = SessionAnswers(sessions, clock)

    def flow_of(request: Request) -> Flow:
        return enrolments.read(cookie_of(request, FLOW_COOKIE))

    async def enrolment(request: Request) -> Response:
        described = await enrolments.describe(flow_of(request))
        professional = described.professional
        return JSONResponse(
            {
                "nonce": b64encode(described.flow.nonce),
                "account": described.account,
                "professional": professional and professional_json(professional, described.account),
                "vault": [
                    {
                        "wrapper": entry.wrapper,
                        "generation": entry.generation,
                        "wrapped": b64encode(entry.wrapped),
                    }
                    for entry in described.vault
                ],
                "links": [
                    {"link": b64encode(link.data), "signature": b64encode(link.signature)}
                    for link in described.links
                ],
                "via": described.flow.via,
                "situations": await practices_json(directory, described.practices),
            }
        )

    async def create_account(request: Request) -> Response:
        authentication.check_origin(request.headers)
        flow = flow_of(request)
        new = await payload.read_json(request, _NEW_ACCOUNT)
        created = await accounts.create(flow, new.signed_link, new.label, new.proof, new.situation)
        session = await sessions.begin(
            created.account.account,
            created.device,
            flow.nonce,
            new.proof,
            flow.verified_at_ms,
            login=flow.login,
        )
        return without_flow(answers.answer(session))

    async def join(request: Request) -> Response:
        authentication.check_origin(request.headers)
        flow = flow_of(request)
        new = await payload.read_json(request, _NEW_DEVICE)
        joined = await accounts.join(flow, new.signed_link, new.label, new.proof)
        account = joined.account.account
        await conversations.notify(account, ["chain", account])
        # A passkey is no word of the provider: nothing that needs one follows.
        provider_at_ms = flow.verified_at_ms if flow.via == "provider" else 0
        session = await sessions.begin(
            account, joined.device, flow.nonce, new.proof, provider_at_ms, login=flow.login
        )
        return without_flow(answers.answer(session))

    async def reenter(request: Request) -> Response:
        authentication.check_origin(request.headers)
        flow = flow_of(request)
        known = await payload.read_json(request, _KNOWN_DEVICE)
        session = await sessions.reenter(flow, known.account, known.device, known.proof)
        return without_flow(answers.answer(session))

    async def show(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        return answers.answer(caller.token, is_new=False)

    async def renew(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        return answers.answer(await sessions.renew(caller.token))

    async def end(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        await sessions.end(caller.account, caller.device, caller.session)
        response = JSONResponse({}, headers={"Clear-Site-Data": '"cookies"'})
        cookies.clear(response, SESSION_COOKIE)
        return response

    return [
        Route("/api/enrolment", enrolment, methods=["GET"]),
        Route("/api/accounts", create_account, methods=["POST"]),
        Route("/api/devices", join, methods=["POST"]),
        Route("/api/session/provider", reenter, methods=["POST"]),
        Route("/api/session", show, methods=["GET"]),
        Route("/api/session/renew", renew, methods=["POST"]),
        Route("/api/session/end", end, methods=["POST"]),
    ]


def without_flow(response: Response) -> Response:
    """The answer to what a flow was for; it serves nothing else."""
    cookies.clear(response, FLOW_COOKIE)
    return response
