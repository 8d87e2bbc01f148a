"""
From a cookie and a proof to a `Caller`, for HTTP and for the socket alike; no store round trip.

Law 1: a cookie opens nothing alone. Every request with a session is signed by the device key
over its method, address, instant and body; the socket signs the server's challenge.
Law 2: whatever is missing or wrong, the answer is `not_signed_in` and does not say what. The one
exception is a revoked device, which is told so, because it wipes itself.
Law 3: a request that changes something is taken once: its proof, seen again, is refused.
Law 4: a request that changes something comes from our own pages.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

from starlette.requests import HTTPConnection, Request

from lien.accounts import DeviceRevoked, NotSignedIn, Revocations, Session, Tokens
from lien.clock import Clock
from lien.crypto.proofs import verify_request
from lien.crypto.signing import SIGNATURE_BYTES, BadSignature
from lien.errors import Conflict, LienError, Refused
from lien.ids import b64decode
from lien.web.caller import Caller

SESSION_COOKIE: Final = "__Host-lien"
FLOW_COOKIE: Final = "__Host-lien-flow"
PROOF_HEADER: Final = "lien-proof"
# How far a device's clock may be from ours.
PROOF_WINDOW_MS: Final = 60_000

_PROOF: Final = re.compile(r"(0|[1-9][0-9]{0,15})\.([A-Za-z0-9_-]{86})")
_READING: Final = frozenset({"GET", "HEAD"})


class BadOrigin(Refused):
    """The request was made by a page of another site."""

    code = "bad_origin"


class Replayed(Conflict):
    """This very request was taken before: whoever sent it asks what became of it."""

    code = "replayed"


# True for the first of all callers, at any worker, that gives this name.
UseOnce = Callable[[str, int], Awaitable[bool]]


async def require_first(use_once: UseOnce, signature: str) -> None:
    """
    Take a verified proof once. The store remembers it until its minute is over on every clock.

    Raises: Replayed, StoreUnavailable.
    """
    if not await use_once(f"request:{signature}", 2 * PROOF_WINDOW_MS // 1000 + 1):
        raise Replayed("this request was taken before")


class Authentication:
    """The one place that decides who a request is from."""

    def __init__(
        self,
        tokens: Tokens,
        revocations: Revocations,
        origin: str,
        clock: Clock,
        use_once: UseOnce,
    ) -> None:
        self._use_once = use_once
        self._tokens = tokens
        self._revocations = revocations
        self._origin = origin
        self._clock = clock

    async def caller_of(self, request: Request) -> Caller:
        """
        The device that signed this request.

        Raises: NotSignedIn, DeviceRevoked, BadOrigin, Replayed.
        """
        if request.method not in _READING:
            self.check_origin(request.headers)
        session = self._session_of(cookie_of(request, SESSION_COOKIE))
        match = _PROOF.fullmatch(request.headers.get(PROOF_HEADER, ""))
        if match is None:
            raise NotSignedIn("the proof is missing")
        at_ms = int(match[1])
        if abs(self._clock.now_ms() - at_ms) > PROOF_WINDOW_MS:
            raise NotSignedIn("the proof is old, or the device's clock is wrong")
        try:
            verify_request(
                session.device_public,
                session.session,
                request.method,
                path_of(request),
                at_ms,
                await request.body(),  # bounded before, by `middleware`
                _signature(match[2]),
            )
        except BadSignature as error:
            raise NotSignedIn("the proof is wrong") from error
        if request.method not in _READING:
            await require_first(self._use_once, match[2])
        return Caller.of(session)

    def socket_caller(self, cookies: Mapping[str, str]) -> Caller:
        """
        The device a socket is for; it still has to sign the challenge.

        Raises: NotSignedIn, DeviceRevoked.
        """
        return Caller.of(self._session_of(cookies.get(SESSION_COOKIE, "")))

    def is_ended(self, caller: Caller) -> bool:
        """True once the session was ended, the device revoked, or the time is over."""
        now_ms = self._clock.now_ms()
        return now_ms >= caller.ends_at_ms or self._revocations.is_ended(caller.token)

    def check_origin(self, headers: Mapping[str, str]) -> None:
        """
        Refuse what another site's page asks for. Without an Origin it is no browser.

        Raises: BadOrigin.
        """
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise BadOrigin("asked by a page of another site")
        if headers.get("origin", self._origin) != self._origin:
            raise BadOrigin("asked from another origin")

    def _session_of(self, token: str) -> Session:
        session = self._tokens.read_session(token, self._clock.now_ms())
        if self._revocations.is_revoked(session.account, session.device):
            raise DeviceRevoked("this device was revoked")
        if self._revocations.is_ended(session):
            raise NotSignedIn("the session was ended")
        return session


def cookie_of(request: HTTPConnection, name: str) -> str:
    """
    The value of a cookie that came once; empty when there is none.

    Two of the same name are two stories: neither is believed.

    Raises: NotSignedIn.
    """
    return cookie_in(request.headers.getlist("cookie"), name)


def cookie_in(headers: Iterable[str], name: str) -> str:
    """The same of the values of the Cookie headers."""
    pairs = "; ".join(headers).split(";")
    values = [
        value
        for pair in pairs
        for key, equals, value in [pair.strip().partition("=")]
        if equals and key == name
    ]
    if len(values) > 1:
        raise NotSignedIn("a cookie came twice")
    return values[0] if values else ""


def path_of(request: Request) -> str:
    """The address as the network gave it: what the device signed, not what it decodes to."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope.get("query_string", b"")
    path = raw.partition(b"?")[0] + (b"?" + query if query else b"")
    return path.decode("ascii", "replace")


def _signature(text: str) -> bytes:
    try:
        value = b64decode(text)
    except LienError as error:
        raise NotSignedIn("the proof is wrong") from error
    if len(value) != SIGNATURE_BYTES:
        raise NotSignedIn("the proof is wrong")
    return value
