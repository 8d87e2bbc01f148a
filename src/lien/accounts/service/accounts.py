"""
Accounts and their chains: create, join, append, attest. A chain is verified here, link by link,
before it is stored, and again when it is read (`lien.accounts.service.chains`).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lien.accounts import rules, situations
from lien.accounts.errors import (
    AccountExists,
    ChainMoved,
    NotInDirectory,
    NotSignedIn,
)
from lien.accounts.models import (
    Account,
    Changes,
    Created,
    Device,
    Earlier,
    Flow,
    VaultEntry,
)
from lien.accounts.service.chains import Chains
from lien.accounts.service.flows import Flows, verify_proof
from lien.accounts.store import AccountStore, Append
from lien.audit import Event, EventKind, Trail
from lien.clock import Clock
from lien.crypto import chain
from lien.crypto.attestor import AttestorKey
from lien.crypto.chain import (
    AddDevice,
    Body,
    ChainState,
    Identity,
    Link,
    Signer,
    Sponsored,
    Standing,
)
from lien.directory import Directory, Professional
from lien.ids import AccountId, DeviceId

# Each try that is overtaken means that another link came first.
_TRIES: Final = 8


class Accounts(Chains):
    """The one owner of chains: every append goes through here."""

    def __init__(
        self,
        store: AccountStore,
        directory: Directory,
        attestor: AttestorKey,
        clock: Clock,
        trail: Trail,
    ) -> None:
        super().__init__(store.chains, attestor.attestors)
        self.trail = trail
        self._passkeys = store.passkeys
        self._pins = store.pins
        self._devices = store.devices
        self._flows = Flows(store)
        self._directory = directory
        self._attestor = attestor
        self._clock = clock

    @property
    def attestor(self) -> AttestorKey:
        """Whose public half clients check identities with."""
        return self._attestor

    # Creating and joining

    async def create(
        self, flow: Flow, link: Link, label: str, proof: bytes, choice: int | None = None
    ) -> Created:
        """
        Create the account of the professional the provider vouched for, in one of the situations
        it listed; None when there is one only.

        The same request again, after a lost answer, finds the account it made.

        Raises: NotSignedIn, NotInDirectory, AccountExists, SituationNeeded, BadLink, Malformed.
        """
        rules.require_via(flow, "provider")
        rpps = situations.require_rpps(flow)
        content, body = rules.require_create(link)
        label = rules.require_label(label)
        verify_proof(body.device_public, flow.nonce, body.device, proof)
        created = chain.apply(None, link, self._attestors)
        professional = await self._directory.find(rpps)
        if professional is None:
            raise NotInDirectory("the number is not in the imported directory")
        practices = await self._flows.list_practices(flow)
        practice = situations.require_choice(
            practices or situations.practices_of(professional, ()), choice
        )
        account = content.account
        made = Created(
            Account(account, rpps, self._clock.now_ms()), body.device, body.device_public
        )
        existing = await self.find_account(rpps)
        is_begun = await self.is_begun(made.account, link)
        if existing is not None and not (existing == account and is_begun):
            rules.require_free(await self.get_chain(existing))
        await self._flows.claim(flow, link.data + proof)
        if existing == account:
            return made
        if not is_begun:
            identity = situations.identity_of(professional, practice, flow)
            await self.append_created(created, link, label, identity, {"rpps": rpps})
        await self._flows.keep_practices(account, practices)
        # Only now is it the account of this person: of two that got here, one is.
        if await self._store.claim_rpps(rpps, existing, account) != account:
            await self._store.abandon(account)
            raise AccountExists("the account was created meanwhile")
        await self.trail.record(
            Event(EventKind.ACCOUNT_CREATED, account, account, body.device, flow.provider)
        )
        return made

    async def is_begun(self, account: Account, link: Link) -> bool:
        """True when the same request for the same person came this far before."""
        if [link] != await self._store.list_links(account.account, 0, 1):
            return False
        known = await self.get_account(account.account)
        return (known.rpps, known.invitation) == (account.rpps, account.invitation)

    async def append_created(
        self,
        created: ChainState,
        link: Link,
        label: str,
        identity: Identity | Sponsored,
        fields: Mapping[str, str | int],
    ) -> None:
        """
        Store a new chain with the attestor's word on whose it is. `fields` say it to the store.

        Raises: BadLink, ChainMoved.
        """
        now_ms = self._clock.now_ms()
        attested = chain.make_link(created, identity, Signer.attestor(self._attestor.key), now_ms)
        state = chain.apply(created, attested, self._attestors)
        device = next(iter(created.devices))
        stored = {**fields, "created": now_ms, **_device_fields(device, label, now_ms)}
        await self._note_structure(state.account, identity)
        await self._store.append(Append(None, state, [link, attested], stored), now_ms)

    async def _note_structure(self, account: AccountId, body: Body) -> None:
        """Before the chain says it: who is listed and does not work there is passed over."""
        if isinstance(body, Identity) and body.situation and body.situation.structure:
            await self._store.add_to_structure(body.situation.structure, account)

    async def join(self, flow: Flow, link: Link, label: str, proof: bytes) -> Created:
        """
        Add a device to the account of the flow; only the account secret signs such a link.

        Raises: NotSignedIn, BadLink, ChainMoved, Conflict.
        """
        owner = flow.account
        if owner is None and flow.rpps is not None:
            owner = await self.find_account(flow.rpps)
        if owner is None:
            raise NotSignedIn("the flow is of no account")
        body = rules.require_joining(link, owner)
        label = rules.require_label(label)
        verify_proof(body.device_public, flow.nonce, body.device, proof)
        account = await self.get_account(owner)
        made = Created(account, body.device, body.device_public)
        before = await self.get_chain(owner)
        rules.require_open(before)
        await self._flows.claim(flow, link.data + proof)
        if before.devices.get(body.device) == body.device_public:
            return made
        after = chain.apply(before, link, self._attestors)
        rules.require_bounded(after)
        now_ms = self._clock.now_ms()
        fields = _device_fields(body.device, label, now_ms)
        await self._store.append(Append(before, after, [link], fields), now_ms)
        await self.trail.record(
            Event(EventKind.DEVICE_ADDED, account.account, account.account, body.device, flow.via)
        )
        return made

    # Chains

    async def append_links(
        self,
        account: AccountId,
        links: Sequence[Link],
        earlier: Sequence[Earlier],
        vault: Sequence[VaultEntry],
    ) -> Changes:
        """
        Append links together or not at all, with the secrets a rotation brings.

        What it revokes or rotates is written down as unsettled in the same step; see `Changes`.

        Raises: BadLink, ChainMoved, Malformed, Conflict.
        """
        contents = rules.require_appendable(links)
        rules.require_earlier(contents, earlier)
        before = await self.get_chain(account)
        rules.require_current(contents, before)
        after = chain.replay(links, self._attestors, start=before, expected_account=account)
        rules.require_bounded(after)
        if vault:
            passkeys = [one.passkey for one in await self._passkeys.list_passkeys(account)]
            rules.require_vault(vault, after.generation, passkeys)
        changes = rules.changes_of(after, contents)
        now_ms = self._clock.now_ms()
        fields: dict[str, str | int] = {}
        for content in contents:
            if isinstance(content.body, AddDevice):
                fields |= _device_fields(content.body.device, "", now_ms)
        append = Append(
            before, after, links, fields, earlier, vault, changes.revoked, changes.unsettles
        )
        await self._store.append(append, now_ms)
        for device in changes.revoked:
            await self._pins.remove_of(account, device)
            await self._devices.forget(account, device)
        await self.trail.record(*rules.events_of(account, contents))
        return changes

    async def attest(self, account: AccountId, body: Identity | Sponsored | Standing) -> ChainState:
        """
        Append the deployment's word on an account.

        Who departs is signed out everywhere in the same step, and is unsettled; see `Changes`.

        Raises: NotFound, BadLink when the chain does not allow it (any more), ChainMoved.
        """
        await self._note_structure(account, body)
        for _ in range(_TRIES):
            before = await self.get_chain(account)
            now_ms = self._clock.now_ms()
            link = chain.make_link(before, body, Signer.attestor(self._attestor.key), now_ms)
            after = chain.apply(before, link, self._attestors)
            departs = after.is_departed and not before.is_departed
            append = Append(before, after, [link], {}, departs=departs, unsettles=departs)
            try:
                await self._store.append(append, now_ms)
            except ChainMoved:
                continue
            return after
        raise ChainMoved("the chain grows all the time")

    async def list_unsettled(self) -> list[tuple[AccountId, int]]:
        """
        Accounts, with the number of their last link, whose conversations may not be stale yet
        because a process ended between an append and what follows it.
        """
        return [(account, length - 1) for account, length in await self._store.list_unsettled()]

    async def settle(self, account: AccountId, number: int) -> None:
        """The conversations of an account know of its changes up to link `number`."""
        await self._store.settle(account, number + 1)

    # Accounts, devices, vault

    async def find_professional(self, account: AccountId) -> Professional | None:
        """
        The directory's entry of an account's owner, None for a guest and for who left it.

        Raises: NotFound for an unknown account.
        """
        rpps = (await self.get_account(account)).rpps
        return await self._directory.find(rpps) if rpps else None

    async def list_devices(self, account: AccountId) -> list[Device]:
        """Every device that is or was in the chain. Raises: NotFound."""
        return await self._store.list_devices(await self.get_chain(account))

    async def put_vault(self, account: AccountId, device: DeviceId, entry: VaultEntry) -> None:
        """
        Store a wrapped secret of the current generation.

        Raises: Malformed, Conflict, NotFound.
        """
        state = await self.get_chain(account)
        passkeys = [one.passkey for one in await self._passkeys.list_passkeys(account)]
        rules.require_vault([entry], state.generation, passkeys)
        await self._store.save_vault(account, entry)
        await self.trail.record(
            Event(
                EventKind.VAULT_CHANGED, account, account, device, entry.wrapper.partition(":")[0]
            )
        )


def _device_fields(device: DeviceId, label: str, now_ms: int) -> dict[str, str | int]:
    return {f"label:{device}": label, f"added:{device}": now_ms, f"seen:{device}": now_ms}
