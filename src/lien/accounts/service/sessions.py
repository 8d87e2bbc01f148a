"""
Sessions: begin after a proof, renew within their four hours, end at once and everywhere.

A request is checked by its token alone (`lien.accounts.tokens`) and by `Revocations`; the store
is asked only when a session begins, is renewed or ends. So a worker that missed a notice still
lets nobody renew, and a token lives half an hour.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Final

from lien.accounts import rules
from lien.accounts.errors import NotSignedIn, TooManyAttempts
from lien.accounts.models import AttemptLimits, Flow, Login, Session, SessionSummary
from lien.accounts.revocations import Revocations
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.flows import Flows, verify_proof
from lien.accounts.service.logins import Logins
from lien.accounts.service.standings import Standings
from lien.accounts.situations import require_rpps
from lien.accounts.store import ENDED_KEPT_MS, AccountStore
from lien.accounts.tokens import Tokens
from lien.audit import Actor, Event, EventKind
from lien.clock import Clock
from lien.errors import NotFound
from lien.ids import AccountId, DeviceId, SessionId, new_id

_BLOCK_MS: Final = 3 * 60 * 1000  # until one of five attempts in a quarter of an hour is back
_RECOVERIES: Final = 10  # in a quarter of an hour, of one account
MAX_SESSIONS: Final = 64  # remembered per account; the oldest can then not be renewed


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """At most 30 minutes idle and 4 hours in all (draft PGSSI-S RIE v2, EXI 13)."""

    idle_ms: int = 30 * 60 * 1000
    longest_ms: int = 240 * 60 * 1000


class Sessions:
    """The one owner of sessions, flows and attempts."""

    def __init__(
        self,
        store: AccountStore,
        accounts: Accounts,
        tokens: Tokens,
        clock: Clock,
        times: SessionTimes,
        limits: AttemptLimits,
        standings: Standings,
    ) -> None:
        self._store = store.sessions
        self._flows = Flows(store)
        self._logins = Logins(store)
        self._accounts = accounts
        self._tokens = tokens
        self._clock = clock
        self._times = times
        self._limits = limits
        self._standings = standings
        self.revocations = Revocations(ENDED_KEPT_MS)

    # Beginning

    async def begin(
        self,
        account: AccountId,
        device: DeviceId,
        nonce: bytes,
        proof: bytes,
        provider_at_ms: int,
        *,
        via: str = "",
        login: Login | None = None,
    ) -> Session:
        """
        Begin a session of an active device that signed the nonce; `via` is what the trail says.

        It ends with the `login` at a provider that it began with.

        Raises: NotSignedIn, DeviceRevoked, NotFound, AccountSuspended, AccountClosed.
        """
        state = await self._accounts.get_chain(account)
        public = rules.require_device(state, device)
        verify_proof(public, nonce, device, proof)
        rules.require_open(state)
        now_ms = self._clock.now_ms()
        session = Session(
            session=SessionId(new_id()),
            account=account,
            device=device,
            device_public=public,
            started_at_ms=now_ms,
            idle_ends_at_ms=now_ms + min(self._times.idle_ms, self._times.longest_ms),
            ends_at_ms=now_ms + self._times.longest_ms,
            provider_at_ms=provider_at_ms,
        )
        await self._forget_old(account, now_ms)
        summary = SessionSummary(session.session, device, now_ms, session.ends_at_ms)
        await self._store.open_session(account, summary)
        if login is not None:
            await self._begin_with(login, account, summary, provider_at_ms)
        # Suspended since we looked: then this session was not there to be ended.
        rules.require_open(await self._accounts.get_chain(account))
        how = via or ("provider" if provider_at_ms else "passkey")
        await self._accounts.trail.record(Event(EventKind.SIGNED_IN, account, account, device, how))
        return session

    async def reenter(
        self, flow: Flow, account: AccountId, device: DeviceId, proof: bytes
    ) -> Session:
        """
        Begin a session of a known device after a sign-in with the provider.

        Who was suspended because their number had left the directory is let in by this.

        Raises: NotSignedIn, DeviceRevoked, AccountSuspended, AccountClosed.
        """
        rules.require_via(flow, "provider")
        rpps = require_rpps(flow)
        if await self._accounts.find_account(rpps) != account:
            raise NotSignedIn("the account is of another professional")
        public = rules.require_device(await self._accounts.get_chain(account), device)
        verify_proof(public, flow.nonce, device, proof)
        await self._flows.claim(flow, device.encode() + proof)
        await self._standings.reopen_by_provider(account, rpps)
        await self._flows.keep_practices(account, await self._flows.list_practices(flow))
        return await self.begin(
            account, device, flow.nonce, proof, flow.verified_at_ms, login=flow.login
        )

    async def _begin_with(
        self, login: Login, account: AccountId, session: SessionSummary, verified_at_ms: int
    ) -> None:
        try:
            await self._logins.add(login, account, session, verified_at_ms)
        except NotSignedIn:
            await self._store.forget_sessions(account, [session.session])
            raise

    async def _forget_old(self, account: AccountId, now_ms: int) -> None:
        known = await self._store.list_sessions(account)
        over = [one.session for one in known if one.ends_at_ms <= now_ms]
        open_now = [one.session for one in known if one.ends_at_ms > now_ms]
        surplus = open_now[: max(0, len(open_now) + 1 - MAX_SESSIONS)]
        await self._store.forget_sessions(account, over + surplus)

    # While they last

    async def renew(self, session: Session) -> Session:
        """
        The session with fresh idle time, never beyond its end.

        Raises: NotSignedIn, DeviceRevoked.
        """
        known = await self._store.list_sessions(session.account)
        if not any(one.session == session.session for one in known):
            raise NotSignedIn("the session was ended")
        state = await self._accounts.get_chain(session.account)
        rules.require_open(state)
        rules.require_device(state, session.device)
        now_ms = self._clock.now_ms()
        await self._store.touch_device(session.account, session.device, now_ms)
        idle_ends_at_ms = min(now_ms + self._times.idle_ms, session.ends_at_ms)
        return replace(session, idle_ends_at_ms=idle_ends_at_ms)

    async def list_sessions(self, account: AccountId) -> list[SessionSummary]:
        """The sessions of active devices that are not over, oldest first."""
        state = await self._accounts.get_chain(account)
        now_ms = self._clock.now_ms()
        return [
            one
            for one in await self._store.list_sessions(account)
            if one.ends_at_ms > now_ms and one.device in state.devices
        ]

    def token_of(self, session: Session) -> str:
        """What its cookie holds."""
        return self._tokens.issue_session(session)

    # Ending

    async def end(
        self,
        account: AccountId,
        device: DeviceId,
        session: SessionId,
        actor: AccountId | Actor | None = None,
    ) -> None:
        """End a session here at once and, through the feed, at every worker."""
        now_ms = self._clock.now_ms()
        await self._store.end_session(account, device, session, now_ms)
        self.revocations.note(account, device, session, now_ms)
        await self._accounts.trail.record(
            Event(EventKind.SESSION_ENDED, actor or account, account, device)
        )

    async def end_own(self, session: Session, other: SessionId) -> None:
        """
        End a session of the same account.

        Raises: NotFound.
        """
        for one in await self._store.list_sessions(session.account):
            if one.session == other:
                return await self.end(session.account, one.device, other)
        raise NotFound("no such session")

    async def end_others(self, session: Session) -> int:
        """End every session of the account but this one; how many there were."""
        others = [
            one
            for one in await self.list_sessions(session.account)
            if one.session != session.session
        ]
        for one in others:
            await self.end(session.account, one.device, one.session)
        return len(others)

    async def end_all(self, account: AccountId, actor: AccountId | Actor) -> int:
        """End every session of an account; how many there were."""
        known = await self._store.list_sessions(account)
        for one in known:
            await self.end(account, one.device, one.session, actor)
        return len(known)

    async def end_login(self, login: Login) -> int:
        """
        End what began with a sign-in that its provider says is over; how many sessions it were.

        Whoever comes back from that sign-in a moment later begins none.
        """
        ended = await self._logins.end(login, self._clock.now_ms())
        for account, device, session in ended:
            await self.end(account, device, session, Actor.PROVIDER)
        return len(ended)

    async def load_revocations(self) -> None:
        """Learn what ended while this worker was not there; again whenever the feed had a gap."""
        now_ms = self._clock.now_ms()
        self.revocations.load(await self._store.list_ended(now_ms - ENDED_KEPT_MS))

    # Limits

    async def use_once(self, name: str, ttl_seconds: int) -> bool:
        """True for the first of all callers, at any worker, that gives this name."""
        return await self._store.claim_once(name, secrets.token_bytes(16), ttl_seconds)

    async def admit_address(self, network: str) -> None:
        """
        Count an attempt from a network (see `rules.network_of`).

        Raises: TooManyAttempts.
        """
        await self._admit(f"sign-in:n:{network}", self._limits.address_capacity)

    async def admit_recovery(self, account: AccountId) -> None:
        """
        Count a request for the recovery entry of an account.

        Raises: TooManyAttempts.
        """
        await self._admit(f"recovery:{account}", _RECOVERIES)

    async def require_unblocked(self, account: AccountId) -> None:
        """
        Refuse further attempts on an account that had too many wrong ones.

        Raises: TooManyAttempts.
        """
        if await self._store.has_once(f"blocked:{account}"):
            raise TooManyAttempts("too many wrong answers; wait", retry_after_ms=_BLOCK_MS)

    async def note_failure(self, account: AccountId) -> None:
        """Count a wrong answer; right ones cost nothing, however often a phone is locked."""
        name, capacity = f"sign-in:a:{account}", self._limits.account_capacity
        await self._accounts.trail.record(Event(EventKind.SIGN_IN_REFUSED, account, account))
        if await self._store.take_attempt(name, capacity, self._limits.window_seconds):
            await self._store.put_once(f"blocked:{account}", b"1", _BLOCK_MS // 1000)

    async def _admit(self, name: str, capacity: int) -> None:
        wait_ms = await self._store.take_attempt(name, capacity, self._limits.window_seconds)
        if wait_ms:
            raise TooManyAttempts("too many sign-ins; wait", retry_after_ms=wait_ms)
