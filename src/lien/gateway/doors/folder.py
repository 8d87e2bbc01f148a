"""
A watched folder. A file is taken once it has stopped growing, and removed once it is on the
spool's disk: a crash in between takes it again, and the spool knows it.
"""

import asyncio
import os
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lien.clock import Clock
from lien.errors import LienError
from lien.gateway.doors.submitting import Desk
from lien.gateway.quarantine import Reason
from lien.gateway.reading import MAX_FILE_BYTES, METADATA
from lien.gateway.settings import FolderSettings
from lien.telemetry import Metric, Telemetry

WAY: Final = "folder"
# What writers call a file that is not whole yet, and what we call one that is too large.
_UNFINISHED: Final = frozenset({".tmp", ".part", ".partial", ".filepart", ".writing", ".refused"})
_MAX_FILES: Final = 500  # of one look


@dataclass(frozen=True, slots=True)
class _Seen:
    size: int
    changed_ns: int
    since_ms: int


class FolderDoor:
    """Looks into one folder again and again; its sub-folders are left alone."""

    def __init__(
        self, settings: FolderSettings, desk: Desk, clock: Clock, telemetry: Telemetry
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._clock = clock
        self._telemetry = telemetry
        self._seen: dict[str, _Seen] = {}
        self._failed: set[str] = set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(self._settings.every_ms / 1000)

    async def look(self) -> int:
        """Take what stands still since the last look; how many files were taken."""
        found = dict(self._files())
        steady = [name for name, seen in found.items() if self._is_steady(name, seen)]
        self._seen = {
            name: self._seen[name] if self._is_same(name, seen) else seen
            for name, seen in found.items()
        }
        self._failed &= found.keys()
        chosen = [name for name in steady if self._is_turn(name, found, steady)]
        taken = await asyncio.gather(*(self._take(name) for name in chosen))
        return sum(taken)

    def _files(self) -> Iterator[tuple[str, _Seen]]:
        now_ms = self._clock.now_ms()
        try:
            with os.scandir(self._settings.path) as entries:
                for entry, _ in zip(entries, range(4 * _MAX_FILES), strict=False):
                    suffix = Path(entry.name).suffix.lower()
                    if entry.name.startswith(".") or suffix in _UNFINISHED:
                        continue
                    if entry.is_file(follow_symlinks=False):
                        status = entry.stat(follow_symlinks=False)
                        yield entry.name, _Seen(status.st_size, status.st_mtime_ns, now_ms)
        except OSError as error:
            self._telemetry.log("gateway_folder_failed", error=type(error).__name__)

    def _is_same(self, name: str, seen: _Seen) -> bool:
        before = self._seen.get(name)
        return before is not None and (before.size, before.changed_ns) == (
            seen.size,
            seen.changed_ns,
        )

    def _is_steady(self, name: str, seen: _Seen) -> bool:
        return self._is_same(name, seen) and name not in self._failed

    def _is_turn(self, name: str, found: Collection[str], steady: Collection[str]) -> bool:
        """A PDF waits for its metadata, and metadata goes with its PDF."""
        path = Path(name)
        if path.suffix.lower() == ".json":
            return not any(path.with_suffix(end).name in found for end in (".pdf", ".PDF"))
        beside = path.with_suffix(".json").name
        if path.suffix.lower() != ".pdf" or beside in found:
            return path.suffix.lower() != ".pdf" or beside in steady
        waited_ms = self._clock.now_ms() - self._seen[name].since_ms
        return waited_ms >= self._settings.pair_wait_seconds * 1000

    async def _take(self, name: str) -> int:
        path = self._settings.path / name
        beside = path.with_suffix(".json")
        is_pair = path.suffix.lower() == ".pdf" and beside.is_file() and not beside.is_symlink()
        try:
            data = await asyncio.to_thread(_read, path)
            metadata = await asyncio.to_thread(_read, beside) if is_pair else None
            if data is None or (is_pair and metadata is None):
                self._set_aside(path)
                return 0
            taken = await self._desk.submit(data, metadata, way=WAY, keeps_unreadable=True)
        except (OSError, LienError, sqlite3.Error) as error:
            # A full spool or disk: the file stays where it is, and is looked at again.
            code = error.code if isinstance(error, LienError) else type(error).__name__
            self._telemetry.log("gateway_folder_failed", error=code)
            return 0
        if taken.kind == METADATA:
            return 0  # its PDF is still to come
        for each in (path, beside) if is_pair else (path,):
            each.unlink(missing_ok=True)
        return 1

    def _set_aside(self, path: Path) -> None:
        """Too large to be kept in the spool: left under a name that is not looked at."""
        self._telemetry.count(Metric.GATEWAY_UNREADABLE)
        self._telemetry.log("gateway_unreadable", reason=Reason.TOO_LARGE.value, route=WAY)
        try:
            path.rename(path.with_name(path.name + ".refused"))
        except OSError:
            self._failed.add(path.name)


def _read(path: Path) -> bytes | None:
    """A whole file, not through a link; None for one above the bound."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    return data if len(data) <= MAX_FILE_BYTES else None
