"""
Sealed parts of blobs at rest: files of a folder, or objects of a store that speaks S3.

A part is written once, under a name that holds its checksum, and is never changed: two writers
of the same part write the same object, and a torn or altered one is noticed when it is read.
"""

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from lien.ids import BlobId, new_id
from lien.storage.errors import StoreUnavailable, UnusableStore
from lien.storage.space import DEFAULT_FREE_BYTES, FreeSpace

_CHECKSUM_BYTES: Final = 16
_OWNER_ONLY: Final = 0o700
_REMOVED_AT_ONCE: Final = 200


def part_checksum(data: bytes) -> str:
    """What tells a part from another or an altered one: BLAKE2b, 32 hex digits."""
    return hashlib.blake2b(data, digest_size=_CHECKSUM_BYTES).hexdigest()


class BlobFiles:
    """The parts of blobs. Which parts there should be is known to the store, not here."""

    def __init__(self, objects: LocalStore | S3Store, folder: Path | None, free_bytes: int) -> None:
        self._objects = objects
        self._folder = folder
        self.space = FreeSpace(folder, free_bytes)

    async def require_usable(self) -> None:
        """
        Write, read and remove an object: a wrong key or bucket is said at start, not at the first
        photograph.

        Raises: UnusableStore with what to do.
        """
        probe = BlobId(new_id())
        try:
            await self.put(probe, 0, probe.encode())
            found = await self.find(probe, 0, part_checksum(probe.encode()))
            await self.remove(probe)
        except StoreUnavailable as error:
            raise UnusableStore(f"{error}; look at the settings LIEN_BLOBS_…") from None
        if found is None:
            raise UnusableStore("the blobs do not give back what was written")

    async def put(self, blob: BlobId, number: int, data: bytes) -> None:
        """
        Write a part; it is on disk when this returns.

        Raises: StoreUnavailable.
        """
        name = _name(blob, number, part_checksum(data))
        try:
            await self._objects.put_async(name, data)
            if self._folder is not None:
                await asyncio.to_thread(_sync, self._folder, self._folder / name)
        except (BaseError, OSError) as error:
            raise StoreUnavailable("the blobs cannot be written") from error

    async def find(self, blob: BlobId, number: int, checksum: str) -> bytes | None:
        """
        The part, or None if it is not there or not what was written.

        Raises: StoreUnavailable.
        """
        try:
            found = await self._objects.get_async(_name(blob, number, checksum))
            data = bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise StoreUnavailable("the blobs cannot be read") from error
        return data if part_checksum(data) == checksum else None

    async def remove(self, blob: BlobId) -> None:
        """
        Remove every part; again is harmless.

        Raises: StoreUnavailable.
        """
        try:
            found = await self._objects.list(_folder(blob)).collect_async()
            await self._delete([meta["path"] for meta in found])
        except (BaseError, OSError) as error:
            raise StoreUnavailable("the blobs cannot be removed") from error

    async def remove_strays(
        self, before_ms: int, is_known: Callable[[BlobId], Awaitable[bool]]
    ) -> int:
        """
        Remove parts written before an instant whose blob nobody knows; how many, at most 200.

        Raises: StoreUnavailable.
        """
        before = datetime.fromtimestamp(before_ms / 1000, UTC)
        strays: list[str] = []
        try:
            async for batch in self._objects.list():
                for meta in batch:
                    blob = BlobId(meta["path"].split("/")[-2])
                    if meta["last_modified"] < before and not await is_known(blob):
                        strays.append(meta["path"])
                if len(strays) >= _REMOVED_AT_ONCE:
                    break
            await self._delete(strays[:_REMOVED_AT_ONCE])
        except (BaseError, OSError) as error:
            raise StoreUnavailable("the blobs cannot be listed") from error
        return len(strays[:_REMOVED_AT_ONCE])

    async def _delete(self, names: list[str]) -> None:
        for name in names:
            try:
                await self._objects.delete_async(name)
            except FileNotFoundError:
                continue  # another worker was quicker


def open_blob_files(
    objects: S3Store | None, data_dir: Path, *, free_bytes: int = DEFAULT_FREE_BYTES
) -> BlobFiles:
    """The parts in an object store; without one, in a folder of the data directory."""
    if objects is not None:
        return BlobFiles(objects, None, 0)
    folder = data_dir / "blobs"
    folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    return BlobFiles(LocalStore(folder, automatic_cleanup=True), folder, free_bytes)


def _folder(blob: BlobId) -> str:
    # Two letters in front: a folder of a million entries is slow on many file systems.
    return f"{blob[:2]}/{blob}"


def _name(blob: BlobId, number: int, checksum: str) -> str:
    return f"{_folder(blob)}/{number}-{checksum}"


def _sync(root: Path, path: Path) -> None:
    """The file, then the folders that name it: a power cut leaves all of it or nothing."""
    for each in (path, path.parent, path.parent.parent, root):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
