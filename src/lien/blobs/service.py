"""
The face of blobs: upload in parts, read by whoever may, removal when the time is over.

The server never opens a blob: what it holds is sealed, and the key is in the message or the
document that shows it. So the audience is a second lock: it keeps ciphertext from those who have
no business with it, and takes it away from who was removed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from lien.blobs import rules
from lien.blobs.errors import NoSuchBlob, TooManyBlobs
from lien.blobs.models import Audience, Blob, Limits, Owner, Reading, Upload
from lien.blobs.store import BlobStore
from lien.clock import Clock
from lien.errors import NotFound
from lien.ids import AccountId, BlobId, ChannelId
from lien.telemetry import Metric, Telemetry

_DAY_SECONDS: Final = 86_400
_KIB: Final = 1024
# Raises NotFound when the account is no member now.
RequireMember = Callable[[AccountId, ChannelId], Awaitable[None]]


class Blobs:
    """Sealed photographs and documents."""

    def __init__(
        self,
        store: BlobStore,
        require_member: RequireMember,
        clock: Clock,
        telemetry: Telemetry,
        limits: Limits,
        retention_ms: int,
    ) -> None:
        self._store = store
        self._require_member = require_member
        self._clock = clock
        self._telemetry = telemetry
        self._limits = limits
        self._retention_ms = retention_ms
        self._strays_looked_at_ms = 0

    async def require_usable(self) -> None:
        """
        Try where the parts are kept, before anybody is served.

        Raises: UnusableStore with what to do.
        """
        await self._store.require_usable()

    async def begin(
        self,
        owner: Owner,
        blob: BlobId,
        size: int,
        audience: Audience,
        member: AccountId | None = None,
    ) -> Upload:
        """
        Begin an upload of `size` stored bytes, or learn what an earlier one still lacks.

        `member` is the account that must belong to the conversation it is for.
        Raises: BlobTooLarge, Malformed, NotFound, BlobDiffers, TooManyBlobs, StoreFull.
        """
        rules.require_size(size, self._limits)
        rules.require_audience(audience)
        if audience.channel is not None:
            if member is None:
                raise NoSuchBlob("no such conversation for this caller")
            await self._require_member(member, audience.channel)
        name = rules.audience_name(audience)
        found = await self._store.find_upload(blob, owner, size, name)
        if found is None:
            self._store.require_space()
            await self._take_quota(owner, size)
            now_ms = self._clock.now_ms()
            await self._store.create(
                blob, owner, size, audience, now_ms, now_ms + rules.UPLOAD_LIFE_MS
            )
            # Another request of the same device may have been quicker; both begin the same.
            found = await self._store.find_upload(blob, owner, size, name)
        if found is None:
            raise NoSuchBlob("no such blob for this caller")
        return found

    async def put(self, owner: Owner, blob: BlobId, offset: int, data: bytes) -> None:
        """
        Store the part that begins at `offset`; the same again changes nothing.

        Raises: NoSuchBlob, Malformed, BlobDiffers, StoreFull, StoreUnavailable.
        """
        found = await self._own(owner, blob)
        number = rules.part_at(found.size, offset, len(data))
        self._store.require_space()
        await self._store.put_part(blob, number, data)

    async def complete(self, owner: Owner, blob: BlobId) -> int:
        """
        Say that everything was stored; again begins its life anew. The instant it ends.

        Raises: NoSuchBlob, BlobIncomplete.
        """
        found = await self._own(owner, blob)
        now_ms = self._clock.now_ms()
        expires_at_ms = rules.expiry(found.created_at_ms, now_ms, self._retention_ms)
        await self._store.complete(blob, found.size, expires_at_ms)
        self._telemetry.count(Metric.BLOBS_COMPLETED)
        return expires_at_ms

    async def access(
        self, reader: AccountId, blob: BlobId, start: int = 0, end: int | None = None
    ) -> Reading:
        """
        A range of a blob, for an account that may read it now; a range beyond it is empty.

        Raises: NoSuchBlob, alike for one that is not there and one that is not for the caller.
        """
        now_ms = self._clock.now_ms()
        found = rules.require_readable(await self._store.find(blob, reader), now_ms)
        if found.channel is None and not found.is_reader:
            raise NoSuchBlob("no such blob for this caller")
        if found.channel is not None:
            try:
                await self._require_member(reader, found.channel)
            except NotFound as error:
                raise NoSuchBlob("no such blob for this caller") from error
        until = found.size if end is None else min(end, found.size)
        if start >= until:
            return Reading(blob, found.size, start, start, 0, ())
        parts = rules.parts_of(start, until)
        again = rules.require_readable(await self._store.find(blob, reader, parts), now_ms)
        checksums = tuple(each for each in again.checksums if each is not None)
        if len(checksums) != len(parts):
            raise NoSuchBlob("no such blob for this caller")
        return Reading(blob, found.size, start, until, parts.start, checksums)

    async def read(self, reading: Reading) -> AsyncIterator[bytes]:
        """
        The bytes of a range, part by part.

        Raises: NoSuchBlob when a part is damaged or gone: nothing altered is ever served.
        """
        for index, checksum in enumerate(reading.checksums):
            number = reading.first_part + index
            data = await self._store.find_part(reading.blob, number, checksum)
            if data is None:
                self._telemetry.count(Metric.BLOB_PARTS_DAMAGED)
                raise NoSuchBlob("a part is damaged or gone")
            base = number * rules.PART_BYTES
            yield data[max(0, reading.start - base) : reading.end - base]

    async def remove(self, owner: Owner, blob: BlobId) -> None:
        """
        Take back what one uploaded.

        Raises: NoSuchBlob.
        """
        await self._own(owner, blob)
        await self._store.remove(blob)

    async def sweep(self) -> int:
        """Remove what is over, a bounded part of it; how many blobs went."""
        now_ms = self._clock.now_ms()
        removed = 0
        for blob in await self._store.list_due(now_ms):
            removed += await self._store.remove(blob, now_ms)
        if now_ms - self._strays_looked_at_ms >= rules.UPLOAD_LIFE_MS:
            self._strays_looked_at_ms = now_ms
            # Nothing lives longer: what is older and unknown was left by a restored store.
            life_ms = self._retention_ms + rules.GRACE_MS + rules.RENEWED_MS
            await self._store.remove_strays(now_ms - life_ms)
        return removed

    async def _own(self, owner: Owner, blob: BlobId) -> Blob:
        found = await self._store.find(blob, None)
        if found is None or found.owner != owner or found.expires_at_ms <= self._clock.now_ms():
            raise NoSuchBlob("no such blob for this caller")
        return found

    async def _take_quota(self, owner: Owner, size: int) -> None:
        """Reserve before anything is received (docs/configuration.md, LIEN_BLOB_MIB_PER_DAY)."""
        buckets, per_day = self._store.buckets, rules.bytes_per_day(owner, self._limits) // _KIB
        wait_ms = await buckets.take(f"blobs:{owner}", *rules.begins_of(owner))
        if not wait_ms:
            kib = min(-(-size // _KIB), per_day)
            name = f"blob-bytes:{owner}"
            wait_ms = await buckets.take(name, per_day, per_day / _DAY_SECONDS, kib)
        if wait_ms:
            raise TooManyBlobs("the uploads of this day are used up", retry_after_ms=wait_ms)
