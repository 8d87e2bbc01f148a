"""
Signed tokens: what a cookie says, checked on this machine without a store round trip.

    token = base64url(msgpack([version, …]) ‖ HMAC-SHA256(key of the purpose, payload))

Each purpose (session, flow, state) has its own key derived from the deployment's, so that a
token of one is noise to another. The first key signs and all verify: to change it, the operator
puts a new one in front and takes the old one away four hours later. A token is proof of nothing
by itself: everything it opens also needs a signature of the device key (reliability rule R12).
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import msgpack

from lien.accounts.errors import NotSignedIn
from lien.accounts.models import Flow, Login, Session, Via
from lien.errors import LienError
from lien.ids import (
    AccountId,
    DeviceId,
    InvitationId,
    RppsNumber,
    SessionId,
    b64decode,
    b64encode,
)

KEY_BYTES: Final = 32
MAX_TOKEN_CHARS: Final = 1024
_VERSION: Final = 1
_TAG_BYTES: Final = 32

_SESSION: Final = b"lien/v1/token/session"
_FLOW: Final = b"lien/v1/token/flow"
_STATE: Final = b"lien/v1/token/state"

_SESSION_SHAPE: Final = (str, str, str, bytes, int, int, int, int)
_FLOW_SHAPE: Final = (str, str, bytes, str, str, str, int, int, str, str, str)
_STATE_SHAPE: Final = (str, str, int)


@dataclass(frozen=True, slots=True)
class State:
    """The browser that left for the provider: it must be the one that comes back."""

    provider: str
    state: str
    ends_at_ms: int


class Tokens:
    """Issues and reads tokens. Holds the keys and never shows them."""

    __slots__ = ("_derived", "_keys")

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError("a token key is 32 bytes, and there is at least one")
        self._keys = tuple(keys)
        # Of each purpose; made once, because every socket that opens is checked with one.
        self._derived: dict[bytes, tuple[bytes, ...]] = {}

    def __repr__(self) -> str:
        return "Tokens(…)"

    def __reduce__(self) -> str:
        raise TypeError("token keys are not serialised")

    def issue_session(self, session: Session) -> str:
        """The value of the `__Host-lien` cookie."""
        return self._seal(
            _SESSION,
            [
                session.session,
                session.account,
                session.device,
                session.device_public,
                session.started_at_ms,
                session.idle_ends_at_ms,
                session.ends_at_ms,
                session.provider_at_ms,
            ],
        )

    def read_session(self, token: str, now_ms: int) -> Session:
        """
        Return the session of a token that is genuine and not over.

        Raises: NotSignedIn.
        """
        session, account, device, public, started, idle_ends, ends, provider_at = self._open(
            _SESSION, token, _SESSION_SHAPE
        )
        read = Session(
            session=SessionId(cast(str, session)),
            account=AccountId(cast(str, account)),
            device=DeviceId(cast(str, device)),
            device_public=cast(bytes, public),
            started_at_ms=cast(int, started),
            idle_ends_at_ms=cast(int, idle_ends),
            ends_at_ms=cast(int, ends),
            provider_at_ms=cast(int, provider_at),
        )
        if now_ms >= min(read.idle_ends_at_ms, read.ends_at_ms):
            raise NotSignedIn("the session is over")
        return read

    def issue_flow(self, flow: Flow) -> str:
        """The value of the `__Host-lien-flow` cookie."""
        return self._seal(
            _FLOW,
            [
                flow.flow,
                flow.via,
                flow.nonce,
                flow.rpps or "",
                flow.account or "",
                flow.provider,
                flow.verified_at_ms,
                flow.ends_at_ms,
                flow.invitation or "",
                flow.login.subject if flow.login else "",
                flow.login.session if flow.login else "",
            ],
        )

    def read_flow(self, token: str, now_ms: int) -> Flow:
        """
        Return the flow of a token that is genuine and not over.

        Raises: NotSignedIn.
        """
        flow, via, nonce, rpps, account, provider, verified_at, ends_at, *more = self._open(
            _FLOW, token, _FLOW_SHAPE
        )
        invitation, subject, session = cast(list[str], more)
        read = Flow(
            flow=cast(str, flow),
            via=cast(Via, via),
            nonce=cast(bytes, nonce),
            rpps=RppsNumber(cast(str, rpps)) if rpps else None,
            account=AccountId(cast(str, account)) if account else None,
            provider=cast(str, provider),
            verified_at_ms=cast(int, verified_at),
            ends_at_ms=cast(int, ends_at),
            login=Login(subject, session) if subject else None,
            invitation=InvitationId(invitation) if invitation else None,
        )
        if now_ms >= read.ends_at_ms:
            raise NotSignedIn("the enrolment took longer than its ten minutes")
        return read

    def issue_state(self, state: State) -> str:
        """The value of the `__Host-lien-state` cookie."""
        return self._seal(_STATE, [state.provider, state.state, state.ends_at_ms])

    def read_state(self, token: str, now_ms: int) -> State:
        """
        Return the state of a token that is genuine and not over.

        Raises: NotSignedIn.
        """
        provider, state, ends_at = self._open(_STATE, token, _STATE_SHAPE)
        read = State(cast(str, provider), cast(str, state), cast(int, ends_at))
        if now_ms >= read.ends_at_ms:
            raise NotSignedIn("the sign-in took longer than its ten minutes")
        return read

    def _seal(self, purpose: bytes, fields: list[object]) -> str:
        payload = cast(bytes, msgpack.packb([_VERSION, *fields]))
        return b64encode(payload + _tag(self._keys_for(purpose)[0], payload))

    def _open(self, purpose: bytes, token: str, shape: tuple[type, ...]) -> list[object]:
        if len(token) > MAX_TOKEN_CHARS:
            raise NotSignedIn("the token is longer than any of ours")
        try:
            value = b64decode(token)
        except LienError as error:
            raise NotSignedIn("the token is not base64url") from error
        payload, tag = value[:-_TAG_BYTES], value[-_TAG_BYTES:]
        # Every key is tried, so that the time taken does not say which one signed.
        keys = self._keys_for(purpose)
        matches = [hmac.compare_digest(tag, _tag(key, payload)) for key in keys]
        if not any(matches):
            raise NotSignedIn("the token is not ours")
        version, *fields = msgpack.unpackb(payload)
        # Only an upgrade of the server itself can leave a genuine token of another shape.
        if version != _VERSION or tuple(map(type, fields)) != shape:
            raise NotSignedIn("the token is of another version")
        return cast(list[object], fields)

    def _keys_for(self, purpose: bytes) -> tuple[bytes, ...]:
        keys = self._derived.get(purpose)
        if keys is None:
            keys = tuple(hmac.digest(key, purpose, "sha256") for key in self._keys)
            self._derived[purpose] = keys
        return keys


def _tag(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, payload, "sha256")
