"""
The verified chains of everyone this device has to do with.

What was verified once is never given up: links are only asked for behind the last one known, so
a fork or another beginning cannot follow and is refused.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from lien.client.errors import reading_answer
from lien.client.http import Http
from lien.crypto import chain
from lien.crypto.attestor import Succession, first_of
from lien.crypto.chain import Attestors, BadLink, ChainState, Link
from lien.ids import AccountId, DeviceId, b64decode

_PAGE: Final = 256
_AT_ONCE: Final = 16


class Contacts:
    """Chains by account: the links as they were signed, and what they say."""

    chain_path = "/api/accounts/{account}/chain"

    def __init__(self, http: Http, attestors: Attestors) -> None:
        self._http = http
        self.attestors = attestors
        self._links: dict[AccountId, list[Link]] = {}
        self._states: dict[AccountId, ChainState] = {}

    def find(self, account: AccountId) -> ChainState | None:
        """What is known of an account, without asking."""
        return self._states.get(account)

    @property
    def links(self) -> Mapping[AccountId, list[Link]]:
        """All links, to be stored."""
        return self._links

    def add(self, account: AccountId, links: Iterable[Link]) -> ChainState:
        """
        Verify links that follow what is known. One that is known is passed over: a device reads
        its own links back while the answer to them is on its way.

        Raises: BadLink, and what is known stays as it was.
        """
        held = set(self._links.get(account, ()))
        fresh = [link for link in links if link not in held]
        known = self._states.get(account)
        state = chain.replay(fresh, self.attestors, start=known, expected_account=account)
        self._links.setdefault(account, []).extend(fresh)
        self._states[account] = state
        return state

    async def refresh(self, account: AccountId) -> ChainState:
        """
        What an account says now.

        Raises: BadLink, ServerFailure, BadAnswer.
        """
        try:
            return await self._refresh(account)
        except BadLink:
            # Perhaps a newer key of the attestor signed it: one that the known one made known.
            if not await self._follow_attestor():
                raise
            return await self._refresh(account)

    async def _follow_attestor(self) -> bool:
        shown = attestors_of(await self._http.get("/api/status"))
        followed = self.attestors.continued_by(shown)
        is_new, self.attestors = followed != self.attestors, followed
        return is_new

    async def _refresh(self, account: AccountId) -> ChainState:
        while True:
            known = self._states.get(account)
            after = known.length - 1 if known else -1
            path = self.chain_path.format(account=account)
            page = links_of(await self._http.get(path, {"after": after}), "links")
            if self._states.get(account) is not known:
                continue  # another task has read the same links meanwhile
            state = self.add(account, page) if page or known is None else known
            if len(page) < _PAGE:
                return state
            if state == known:
                raise BadLink("the chain goes on without end")

    async def refresh_all(self, accounts: Iterable[AccountId]) -> dict[AccountId, ChainState]:
        """What many accounts say now, some at a time. Raises: as `refresh`."""
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(account: AccountId) -> tuple[AccountId, ChainState]:
            async with turns:
                return account, await self.refresh(account)

        return dict(await asyncio.gather(*map(one, accounts)))

    async def get(self, account: AccountId) -> ChainState:
        """What is known of an account, asking only when nothing is. Raises: as `refresh`."""
        return self._states.get(account) or await self.refresh(account)

    async def get_device_public(self, account: AccountId, device: DeviceId) -> bytes:
        """
        The key of a device that is or was in the account's chain.

        Raises: BadLink for a device that never was, and as `refresh`.
        """
        known = self._states.get(account)
        public = known.find_device_public(device) if known else None
        if public is None:
            public = (await self.refresh(account)).find_device_public(device)
        if public is None:
            raise BadLink("a device is not in the chain of its account")
        return public


def attestors_of(status: Mapping[str, Any]) -> Attestors:
    """The keys of a deployment's attestor. Raises: BadAnswer, BadSuccession, Malformed."""
    with reading_answer():
        steps = [
            Succession(b64decode(one["step"]), b64decode(one["signature"]))
            for one in status["attestor_steps"]
        ]
        return first_of(steps, b64decode(status["attestor"]))


def links_of(answer: Mapping[str, Any], name: str) -> list[Link]:
    """The signed links of an answer. Raises: BadAnswer, Malformed."""
    with reading_answer():
        return [Link(b64decode(one["link"]), b64decode(one["signature"])) for one in answer[name]]
