"""Chains, devices and vaults to Valkey and back."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lien.accounts.errors import ChainMoved
from lien.accounts.models import Account, Device, Earlier, VaultEntry
from lien.accounts.store.places import ENDED_KEPT_MS, shard_of_account
from lien.crypto.chain import ChainState, Link
from lien.crypto.signing import SIGNATURE_BYTES
from lien.crypto.suite import hash32
from lien.ids import AccountId, DeviceId, InvitationId, RppsNumber, b64encode
from lien.protocol.codes import CloseCode
from lien.storage import keys
from lien.storage.valkey import Store


@dataclass(frozen=True, slots=True)
class Append:
    """Verified links, and what is stored in the same step."""

    before: ChainState | None
    after: ChainState
    links: Sequence[Link]
    fields: Mapping[str, str | int]
    earlier: Sequence[Earlier] = ()
    vault: Sequence[VaultEntry] = ()
    revoked: Sequence[DeviceId] = ()
    unsettles: bool = False
    departs: bool = False  # every session ends


class ChainStore:
    """Loads and saves; decides nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._call = store.pipe.call

    def _shard(self, account: AccountId) -> int:
        return shard_of_account(account, self._store.shards)

    async def append(self, append: Append, now_ms: int) -> None:
        """
        Append links if the chain is still `before`.

        Raises: ChainMoved.
        """
        account, before = append.after.account, append.before
        shard = self._shard(account)
        lists: tuple[list[str | bytes | int], ...] = (
            [link.signature + link.data for link in append.links],
            [part for pair in append.fields.items() for part in pair],
            [part for one in append.earlier for part in (one.generation, one.wrapped)],
            [part for one in append.vault for part in (one.wrapper, _pack_entry(one))],
            [""] if append.departs else list(append.revoked),
        )
        code = CloseCode.SESSION_ENDED if append.departs else CloseCode.REVOKED
        is_appended, _ = await self._store.scripts.run(
            "append_links",
            [
                keys.account(shard, account),
                keys.chain(shard, account),
                keys.earlier(shard, account),
                keys.vault(shard, account),
                keys.ended(shard),
                keys.unsettled(shard),
                keys.shard(shard),
                keys.feed(shard),
                keys.accounts(shard),
                keys.sessions(shard, account),
            ],
            [
                account,
                before.length if before else 0,
                before.head if before else b"",
                append.after.head,
                now_ms,
                now_ms - ENDED_KEPT_MS,
                int(code),
                int(append.unsettles),
                *(part for one in lists for part in (len(one), *one)),
            ],
        )
        if not is_appended:
            raise ChainMoved("another link was appended first")

    async def find_head(self, account: AccountId) -> bytes | None:
        """The hash of the last link, None without a chain."""
        head: bytes | None = await self._call(
            "HGET", keys.account(self._shard(account), account), "head"
        )
        return head

    async def list_links(self, account: AccountId, first: int, limit: int) -> list[Link]:
        """Links from number `first`, in order."""
        key = keys.chain(self._shard(account), account)
        values = await self._call("LRANGE", key, first, first + limit - 1)
        return [Link(one[SIGNATURE_BYTES:], one[:SIGNATURE_BYTES]) for one in values]

    async def list_unsettled(self) -> list[tuple[AccountId, int]]:
        """Accounts whose conversations may not know of a change, with their number of links."""
        found = await asyncio.gather(
            *(
                self._call("ZRANGE", keys.unsettled(shard), 0, -1, "WITHSCORES")
                for shard in range(self._store.shards)
            )
        )
        flat = [part for one in found for part in one]
        return [
            (AccountId(account.decode()), int(length))
            for account, length in zip(flat[::2], flat[1::2], strict=True)
        ]

    async def settle(self, account: AccountId, length: int) -> None:
        """Forget that an account was unsettled, unless more was appended meanwhile."""
        key = keys.unsettled(self._shard(account))
        score = await self._call("ZSCORE", key, account)
        if score is not None and int(score) <= length:
            await self._call("ZREM", key, account)

    async def claim_rpps(
        self, rpps: RppsNumber, expected: AccountId | None, account: AccountId
    ) -> AccountId:
        """Make this the account of a professional if `expected` still is; the account after."""
        owner = await self._store.scripts.run("claim", [keys.rpps(rpps)], [expected or "", account])
        return AccountId(owner.decode())

    async def find_by_rpps(self, numbers: Sequence[RppsNumber]) -> list[AccountId | None]:
        """The accounts of professionals, in the order asked."""
        found = await asyncio.gather(*(self._call("GET", keys.rpps(one)) for one in numbers))
        return [AccountId(one.decode()) if one else None for one in found]

    async def find(self, account: AccountId) -> Account | None:
        """An account, created in full or not yet claimed."""
        key = keys.account(self._shard(account), account)
        rpps, invitation, created = await self._call("HMGET", key, "rpps", "invitation", "created")
        if created is None:
            return None
        return Account(
            account,
            RppsNumber(rpps.decode()) if rpps else None,
            int(created),
            InvitationId(invitation.decode()) if invitation else None,
        )

    async def add_to_structure(self, structure: str, account: AccountId) -> None:
        """Note that somebody may work there; their chain says whether."""
        await self._call("SADD", keys.structure(_digest(structure)), account)

    async def list_structure(self, structure: str) -> list[AccountId]:
        """Who may work there."""
        found = await self._call("SMEMBERS", keys.structure(_digest(structure)))
        return sorted(AccountId(one.decode()) for one in found)

    async def set_role(self, account: AccountId, structure: str) -> None:
        """The establishment an account administers; empty for none."""
        key = keys.account(self._shard(account), account)
        if structure:
            await self._call("HSET", key, "administers", structure)
        else:
            await self._call("HDEL", key, "administers")

    async def find_role(self, account: AccountId) -> str:
        """The establishment an account administers; empty for none."""
        key = keys.account(self._shard(account), account)
        return (await self._call("HGET", key, "administers") or b"").decode()

    async def abandon(self, account: AccountId) -> None:
        """Delete an account that lost the race for its professional; nobody has seen it."""
        shard = self._shard(account)
        await self._call("DEL", keys.account(shard, account), keys.chain(shard, account))
        await self._call("SREM", keys.accounts(shard), account)

    async def erase_secrets(self, account: AccountId) -> None:
        """Forget what opens a closed account: nobody will ask for it again."""
        shard = self._shard(account)
        await self._call("DEL", keys.vault(shard, account), keys.earlier(shard, account))

    async def list_all(self) -> list[AccountId]:
        """Every account that was not abandoned, in no order."""
        found = await asyncio.gather(
            *(self._call("SMEMBERS", keys.accounts(shard)) for shard in range(self._store.shards))
        )
        return [AccountId(account.decode()) for one in found for account in one]

    async def list_devices(self, state: ChainState) -> list[Device]:
        """The devices of a chain with their labels, in the order they were added."""
        key = keys.account(self._shard(state.account), state.account)
        devices = [*state.devices, *state.revoked]
        names = [f"{kind}:{one}" for one in devices for kind in ("label", "added", "seen")]
        values = await self._call("HMGET", key, *names)
        listed = [
            Device(
                device=device,
                label=(label or b"").decode(),
                added_at_ms=int(added or 0),
                seen_at_ms=int(seen or 0),
                is_revoked=device in state.revoked,
            )
            for device, label, added, seen in zip(
                devices, values[::3], values[1::3], values[2::3], strict=True
            )
        ]
        return sorted(listed, key=lambda one: one.added_at_ms)

    async def list_vault(self, account: AccountId) -> list[VaultEntry]:
        """Every wrapped secret of an account."""
        value = await self._call("HGETALL", keys.vault(self._shard(account), account))
        entries = []
        for wrapper, packed in zip(value[::2], value[1::2], strict=True):
            generation, _, wrapped = packed.partition(b":")
            entries.append(VaultEntry(wrapper.decode(), int(generation), wrapped))
        return entries

    async def save_vault(self, account: AccountId, entry: VaultEntry) -> None:
        """Store one wrapped secret in place of the one of that wrapper."""
        key = keys.vault(self._shard(account), account)
        await self._call("HSET", key, entry.wrapper, _pack_entry(entry))

    async def list_earlier(self, account: AccountId) -> list[Earlier]:
        """The secrets of former generations, by generation."""
        value = await self._call("HGETALL", keys.earlier(self._shard(account), account))
        entries = [Earlier(int(one), box) for one, box in zip(value[::2], value[1::2], strict=True)]
        return sorted(entries, key=lambda one: one.generation)


def _pack_entry(entry: VaultEntry) -> bytes:
    return b"%d:%b" % (entry.generation, entry.wrapped)


def _digest(structure: str) -> str:
    return b64encode(hash32(structure.encode())[:16])
