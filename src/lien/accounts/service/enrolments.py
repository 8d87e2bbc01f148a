"""
Signing in with an identity provider: leave with a state, come back once, get a flow.

The state is in a signed cookie (the same browser comes back) and in the store (it comes back
once). A flow then says for ten minutes that this RPPS number was vouched for; what a device may
do with it is decided by `Accounts` and `Sessions`.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Final, cast

import msgpack

from lien.accounts import rules, situations
from lien.accounts.errors import NotInDirectory, ProviderFailed
from lien.accounts.models import Enrolment, Flow, Login, Pending
from lien.accounts.providers import OpenIdProvider
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.flows import Flows
from lien.accounts.store import AccountStore
from lien.accounts.tokens import State, Tokens
from lien.clock import Clock
from lien.crypto.chain import MAX_LINKS
from lien.crypto.suite import hash32
from lien.directory import Directory
from lien.errors import NotFound
from lien.ids import b64encode, new_id

_LOGOUT_SECONDS: Final = 10 * 60


class Enrolments:
    """From "who are you" to a flow."""

    def __init__(
        self,
        store: AccountStore,
        accounts: Accounts,
        directory: Directory,
        tokens: Tokens,
        providers: Sequence[OpenIdProvider],
        clock: Clock,
    ) -> None:
        self._once = store.sessions
        self._flows = Flows(store)
        self._vault = store.chains
        self._accounts = accounts
        self._directory = directory
        self._tokens = tokens
        self._providers = {provider.id: provider for provider in providers}
        self._clock = clock

    @property
    def providers(self) -> list[OpenIdProvider]:
        """In the order they are offered."""
        return list(self._providers.values())

    async def close(self) -> None:
        """Close the connections to the providers."""
        for provider in self._providers.values():
            await provider.close()

    async def leave(self, provider: str) -> tuple[str, str]:
        """
        Where the browser goes, and the state token it keeps in a cookie.

        Raises: NotFound, ProviderUnreachable, ProviderFailed.
        """
        departure = await self._get(provider).begin()
        pending = departure.pending
        packed = cast(bytes, msgpack.packb([pending.provider, pending.nonce, pending.verifier]))
        await self._once.put_once(f"state:{departure.state}", packed, rules.FLOW_TTL_MS // 1000)
        ends_at_ms = self._clock.now_ms() + rules.FLOW_TTL_MS
        state = State(provider, departure.state, ends_at_ms)
        return departure.url, self._tokens.issue_state(state)

    async def come_back(self, provider: str, state_token: str, answer: Mapping[str, str]) -> Flow:
        """
        Return the flow of whoever comes back from the provider.

        Raises: NotFound, NotSignedIn, ProviderUnreachable, ProviderFailed, NotInDirectory, NoRpps,
            TestIdentity.
        """
        adapter = self._get(provider)
        now_ms = self._clock.now_ms()
        state = self._tokens.read_state(state_token, now_ms)
        said = answer.get("state", "")
        if state.provider != provider or not hmac.compare_digest(
            said.encode(), state.state.encode()
        ):
            raise ProviderFailed("the state is not the one this browser left with")
        packed = await self._once.take_once(f"state:{state.state}")
        if packed is None:
            raise ProviderFailed("this sign-in came back before")
        identified = await adapter.finish(Pending(*msgpack.unpackb(packed)), answer)
        professional = await self._directory.find(identified.rpps)
        if professional is None:
            raise NotInDirectory("the number is not in the imported directory")
        now_ms = self._clock.now_ms()
        flow = Flow(
            flow=new_id(),
            via="provider",
            nonce=secrets.token_bytes(32),
            rpps=identified.rpps,
            account=None,
            provider=identified.provider,
            verified_at_ms=now_ms,
            ends_at_ms=now_ms + rules.FLOW_TTL_MS,
            login=identified.login,
        )
        practices = situations.practices_of(professional, identified.practices)
        await self._flows.keep_practices(flow, practices)
        return flow

    async def read_logout(self, provider: str, token: str) -> Login:
        """
        Return the login that a provider says is over; each of its words is taken once.

        Raises: NotFound, ProviderUnreachable, ProviderFailed.
        """
        login, number = await self._get(provider).read_logout(token)
        name = f"logout:{b64encode(hash32(f'{provider}:{number}'.encode()))}"
        # A number counts as long as a token that bears it could be taken again.
        if not await self._once.claim_once(name, secrets.token_bytes(16), _LOGOUT_SECONDS):
            raise ProviderFailed("this logout token came before")
        return login

    def token_of(self, flow: Flow) -> str:
        """What the flow's cookie holds."""
        return self._tokens.issue_flow(flow)

    def read(self, token: str) -> Flow:
        """Raises: NotSignedIn."""
        return self._tokens.read_flow(token, self._clock.now_ms())

    async def describe(self, flow: Flow) -> Enrolment:
        """What the device needs for its next step; the vault and the chain only after a passkey."""
        professional = await self._directory.find(flow.rpps) if flow.rpps else None
        if flow.via == "passkey" and flow.account is not None:
            entries = await self._vault.list_vault(flow.account)
            links = await self._vault.list_links(flow.account, 0, MAX_LINKS)
            return Enrolment(flow, flow.account, professional, (), tuple(entries), tuple(links))
        account = await self._accounts.find_account(flow.rpps) if flow.rpps else None
        if account is not None and (await self._accounts.get_chain(account)).is_closed:
            account = None  # every device was revoked: the person begins again
        practices = await self._flows.list_practices(flow)
        return Enrolment(flow, account, professional, tuple(practices), (), ())

    def _get(self, provider: str) -> OpenIdProvider:
        found = self._providers.get(provider)
        if found is None:
            raise NotFound("no such provider")
        return found
