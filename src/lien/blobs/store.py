"""Blobs in Valkey and in their files: the only part of this package that knows keys and names."""

from collections.abc import Sequence
from typing import Final

from lien.blobs import rules
from lien.blobs.errors import BlobDiffers, BlobIncomplete, NoSuchBlob
from lien.blobs.models import Audience, Blob, Owner, Upload
from lien.ids import AccountId, BlobId, ChannelId
from lien.storage import keys
from lien.storage.blobs import BlobFiles, part_checksum
from lien.storage.buckets import Buckets
from lien.storage.shards import shard_of
from lien.storage.valkey import Store

_SWEPT: Final = 200  # per shard and sweep
_AT_ONCE: Final = 2**53 - 1


class BlobStore:
    """What is known of each blob, and its parts."""

    def __init__(self, store: Store, files: BlobFiles) -> None:
        self._shards = store.shards
        self._space = store.space
        self._call = store.pipe.call
        self._run = store.scripts.run
        self._files = files
        self.buckets = Buckets(store)

    def require_space(self) -> None:
        """Raises: StoreFull."""
        self._space.require()
        self._files.space.require()

    async def require_usable(self) -> None:
        """Raises: UnusableStore."""
        await self._files.require_usable()

    async def find_upload(
        self, blob: BlobId, owner: Owner, size: int, audience: str
    ) -> Upload | None:
        """
        Where an upload that was begun stands.

        Raises: BlobDiffers when this id is another one's.
        """
        key = self._key(blob)
        found = await self._call("HMGET", key, "owner", "size", "audience", "complete")
        if found[0] is None:
            return None
        if (found[0].decode(), int(found[1]), found[2].decode()) != (owner, size, audience):
            raise BlobDiffers("this id was used for another blob")
        if int(found[3]) == 1:
            return Upload((), is_complete=True)
        numbers = range(rules.part_count(size))
        noted = await self._call("HMGET", key, *(f"p{number}" for number in numbers))
        missing = [
            number * rules.PART_BYTES
            for number, checksum in zip(numbers, noted, strict=True)
            if checksum is None
        ]
        return Upload(tuple(missing), is_complete=False)

    async def create(
        self,
        blob: BlobId,
        owner: Owner,
        size: int,
        audience: Audience,
        now_ms: int,
        expires_at_ms: int,
    ) -> None:
        """Note a blob that is about to be uploaded; one that is there stays as it is."""
        await self._run(
            "create_blob",
            [self._key(blob), self._due(blob)],
            [
                blob,
                owner,
                size,
                rules.audience_name(audience),
                now_ms,
                expires_at_ms,
                *sorted(audience.accounts),
            ],
        )

    async def find(
        self, blob: BlobId, reader: AccountId | None, parts: Sequence[int] = ()
    ) -> Blob | None:
        """The blob, with the checksums of some of its parts."""
        fields = (
            "owner",
            "size",
            "audience",
            "complete",
            "created",
            "expires",
            f"r:{reader or ''}",
        )
        found = await self._call(
            "HMGET", self._key(blob), *fields, *(f"p{number}" for number in parts)
        )
        if found[0] is None:
            return None
        kind, _, channel = found[2].decode().partition(":")
        return Blob(
            blob=blob,
            owner=Owner(found[0].decode()),
            size=int(found[1]),
            channel=ChannelId(channel) if kind == "channel" else None,
            is_reader=found[6] is not None,
            is_complete=int(found[3]) == 1,
            created_at_ms=int(found[4]),
            expires_at_ms=int(found[5]),
            checksums=tuple(each and each.decode() for each in found[len(fields) :]),
        )

    async def put_part(self, blob: BlobId, number: int, data: bytes) -> None:
        """
        Write a part, then note it: what is noted is on disk.

        Raises: BlobDiffers, NoSuchBlob, StoreUnavailable.
        """
        await self._files.put(blob, number, data)
        reply = await self._run("note_blob_part", [self._key(blob)], [number, part_checksum(data)])
        if reply == b"differs":
            raise BlobDiffers("this place of the blob holds something else")
        if reply == b"gone":
            raise NoSuchBlob("no such blob for this caller")

    async def complete(self, blob: BlobId, size: int, expires_at_ms: int) -> None:
        """
        Say that all parts are there.

        Raises: BlobIncomplete, NoSuchBlob.
        """
        reply = await self._run(
            "complete_blob",
            [self._key(blob), self._due(blob)],
            [blob, rules.part_count(size), expires_at_ms],
        )
        if reply == b"missing":
            raise BlobIncomplete("parts are missing")
        if reply == b"gone":
            raise NoSuchBlob("no such blob for this caller")

    async def find_part(self, blob: BlobId, number: int, checksum: str) -> bytes | None:
        """The part, None if it is damaged or lost."""
        return await self._files.find(blob, number, checksum)

    async def remove(self, blob: BlobId, now_ms: int = _AT_ONCE) -> bool:
        """Remove a blob that expired before `now_ms`, its parts first; False if it did not."""
        if not await self._run("condemn_blob", [self._key(blob), self._due(blob)], [blob, now_ms]):
            return False
        await self._files.remove(blob)
        await self._call("DEL", self._key(blob))
        await self._call("ZREM", self._due(blob), blob)
        return True

    async def list_due(self, now_ms: int) -> list[BlobId]:
        """Blobs that expired, some of each shard."""
        found: list[BlobId] = []
        for shard in range(self._shards):
            names = await self._call(
                *("ZRANGEBYSCORE", keys.blobs_due(shard), "-inf", now_ms, "LIMIT", 0, _SWEPT)
            )
            found += (BlobId(name.decode()) for name in names)
        return found

    async def remove_strays(self, before_ms: int) -> int:
        """Remove files older than any blob that the store does not know; how many."""

        async def is_known(blob: BlobId) -> bool:
            return bool(await self._call("EXISTS", self._key(blob)))

        return await self._files.remove_strays(before_ms, is_known)

    def _key(self, blob: BlobId) -> str:
        return keys.blob(shard_of(blob, self._shards), blob)

    def _due(self, blob: BlobId) -> str:
        return keys.blobs_due(shard_of(blob, self._shards))
