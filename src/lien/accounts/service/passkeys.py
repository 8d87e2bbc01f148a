"""
Passkeys: register in a session the provider has just vouched for, sign in, list, remove.

A challenge is 32 random bytes, lives two minutes, serves one purpose and one answer: it is
taken out of the store *before* the answer is looked at, so of a hundred equal answers one counts.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lien.accounts import passkeys, rules
from lien.accounts.errors import BadPasskey
from lien.accounts.models import Flow, Passkey, Session
from lien.accounts.passkeys import CHALLENGE_BYTES, CHALLENGE_TTL_SECONDS, RelyingParty
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.sessions import Sessions
from lien.accounts.store import AccountStore
from lien.audit import Event, EventKind
from lien.clock import Clock
from lien.crypto.vault import RECOVERY
from lien.errors import Conflict, NotFound
from lien.ids import AccountId, PasskeyId, b64encode, new_id

NONCE_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SignIn:
    """A passkey's owner, proved. `nonce` is what the device signs next."""

    account: AccountId
    nonce: bytes


class Passkeys:
    """The one owner of passkeys and of their challenges."""

    def __init__(
        self,
        store: AccountStore,
        accounts: Accounts,
        sessions: Sessions,
        party: RelyingParty,
        clock: Clock,
    ) -> None:
        self._store = store.passkeys
        self._once = store.sessions
        self._vault = store.chains
        self._accounts = accounts
        self._sessions = sessions
        self._party = party
        self._clock = clock

    # Registering

    async def begin_registration(self, session: Session) -> dict[str, Any]:
        """
        Creation options, for the session only.

        Raises: FreshSignInNeeded, Conflict when there are too many.
        """
        await self._require_fresh(session)
        known = await self._store.list_passkeys(session.account)
        if len(known) >= rules.MAX_PASSKEYS:
            raise Conflict(f"an account has at most {rules.MAX_PASSKEYS} passkeys")
        professional = await self._accounts.find_professional(session.account)
        # Shown by the phone beside the site's name; it never comes back to us.
        name = f"{professional.given_name} {professional.family_name}" if professional else "Lien"
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        name_once = f"passkey-create:{session.session}"
        await self._once.put_once(name_once, challenge, CHALLENGE_TTL_SECONDS)
        return passkeys.creation_options(
            self._party, session.account, name.strip(), challenge, [one.passkey for one in known]
        )

    async def register(
        self, session: Session, credential: Mapping[str, object], label: str
    ) -> Passkey:
        """
        Register the passkey of an answer.

        Raises: PrfLeaked, BadPasskey, FreshSignInNeeded, Malformed.
        """
        passkeys.require_no_prf(credential)
        await self._require_fresh(session)
        label = rules.require_label(label)
        challenge = await self._once.take_once(f"passkey-create:{session.session}")
        if challenge is None:
            raise BadPasskey("no challenge of this session waits for an answer")
        passkey = passkeys.verify_registration(
            credential,
            expected_party=self._party,
            expected_challenge=challenge,
            account=session.account,
            label=label,
            now_ms=self._clock.now_ms(),
        )
        if not await self._store.add_passkey(passkey):
            raise BadPasskey("this passkey is registered already")
        await self._note(EventKind.PASSKEY_ADDED, session)
        return passkey

    async def _require_fresh(self, session: Session) -> None:
        """A guest has no provider to vouch again: a session that began just now is enough."""
        own = await self._accounts.get_account(session.account)
        require = rules.require_fresh if own.rpps else rules.require_just_signed_in
        require(session, self._clock.now_ms())

    # Signing in

    async def begin_sign_in(self) -> tuple[bytes, dict[str, Any]]:
        """A nonce that names the attempt and is signed by the device, and request options."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        await self._once.put_once(_sign_in_name(nonce), challenge, CHALLENGE_TTL_SECONDS)
        return nonce, passkeys.request_options(self._party, challenge)

    async def sign_in(self, nonce: bytes, credential: Mapping[str, object]) -> SignIn:
        """
        Return the owner of the passkey that answered.

        Raises: PrfLeaked, BadPasskey, TooManyAttempts.
        """
        passkeys.require_no_prf(credential)
        challenge = await self._once.take_once(_sign_in_name(nonce))
        if challenge is None:
            raise BadPasskey("no challenge of this attempt waits for an answer")
        passkey = await self._store.find_passkey(passkeys.credential_id(credential))
        if passkey is None:
            raise BadPasskey("an unknown passkey")
        await self._sessions.require_unblocked(passkey.account)
        try:
            used = passkeys.verify_assertion(
                credential,
                passkey,
                expected_party=self._party,
                expected_challenge=challenge,
                now_ms=self._clock.now_ms(),
            )
        except BadPasskey:
            await self._sessions.note_failure(passkey.account)
            raise
        if not await self._store.replace_passkey(used):
            raise BadPasskey("the passkey was removed meanwhile")
        return SignIn(passkey.account, nonce)

    async def open_flow(self, signed_in: SignIn) -> Flow:
        """
        Ten minutes for a new device to join the account of a passkey.

        The flow has a nonce of its own: the attempt's was used up with its challenge.
        """
        account = await self._accounts.get_account(signed_in.account)
        now_ms = self._clock.now_ms()
        return Flow(
            flow=new_id(),
            via="passkey",
            nonce=secrets.token_bytes(NONCE_BYTES),
            rpps=account.rpps,
            account=account.account,
            provider="",
            verified_at_ms=now_ms,
            ends_at_ms=now_ms + rules.FLOW_TTL_MS,
        )

    # Keeping

    async def list_passkeys(self, account: AccountId) -> list[Passkey]:
        """The passkeys of an account, oldest first."""
        return await self._store.list_passkeys(account)

    async def remove(self, session: Session, passkey: PasskeyId) -> None:
        """
        Remove a passkey of the account and its vault entry.

        The last way to the account secret stays: without it a lost phone would lose the history.

        Raises: NotFound, Conflict.
        """
        account = session.account
        wrappers = {entry.wrapper for entry in await self._vault.list_vault(account)}
        known = {one.passkey for one in await self._store.list_passkeys(account)}
        if passkey not in known:
            raise NotFound("no such passkey")
        if known == {passkey} and f"passkey:{passkey}" in wrappers and RECOVERY not in wrappers:
            raise Conflict("the last passkey stays until there is a recovery code or another one")
        if not await self._store.remove_passkey(account, passkey):
            raise NotFound("no such passkey")
        await self._note(EventKind.PASSKEY_REMOVED, session)

    async def _note(self, kind: EventKind, session: Session) -> None:
        """What the owner wants to know is where it was done."""
        account = session.account
        await self._accounts.trail.record(Event(kind, account, account, session.device))


def _sign_in_name(nonce: bytes) -> str:
    return f"passkey-get:{b64encode(nonce)}"
