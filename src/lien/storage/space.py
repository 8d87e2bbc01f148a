"""
The free-space guard.

With `appendfsync always` a full disk ends Valkey. So the server refuses new envelopes while
there is still room for the store to run, to answer reads and to be repaired.
"""

import os
import time
from pathlib import Path
from typing import Final

from lien.storage.errors import StoreFull

DEFAULT_FREE_BYTES: Final = 256 * 1024 * 1024
_FREE_SHARE: Final = 0.02
_CHECK_SECONDS: Final = 1.0


class FreeSpace:
    """Room on the disk under the store, looked at once per second at most."""

    def __init__(self, folder: Path | None, free_bytes: int = DEFAULT_FREE_BYTES) -> None:
        """Without a folder (a store on another machine) nothing is known and all is accepted."""
        self._folder = folder
        self._free_bytes = free_bytes
        self._checked_at = float("-inf")
        self._is_enough = True

    def require(self) -> None:
        """
        Return if there is room.

        Below the limit: `free_bytes`, or 2 % of a disk on which 2 % is less than that.
        Raises: StoreFull.
        """
        now = time.monotonic()
        if now - self._checked_at >= _CHECK_SECONDS:
            self._checked_at = now
            self._is_enough = self._look()
        if not self._is_enough:
            raise StoreFull("the disk under the store is nearly full", retry_after_ms=30_000)

    def _look(self) -> bool:
        if self._folder is None:
            return True
        try:
            disk = os.statvfs(self._folder)
        except OSError:  # the folder is not visible from here: nothing is known
            return True
        limit = min(self._free_bytes, int(disk.f_blocks * disk.f_frsize * _FREE_SHARE))
        return disk.f_bavail * disk.f_frsize >= limit
