"""`lien directory`: import the national extract, search what was imported."""

import argparse
import asyncio
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, TypeVar

from lien.cli import Subparsers, add_command, read_config
from lien.errors import LienError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from zipfile import ZipInfo

    from lien.config import Config
    from lien.directory import Directory, Professional, Report

_EPILOG: Final = """\
The extract is published as one zip or as three files: https://www.data.gouv.fr, "Annuaire santé :
extractions des données en libre accès". Each file is known by its first line, whatever its name:
the activities (needed), the skills and the diplomas (specialities of the people shown).

examples:
  lien directory import PS_LibreAcces_202611230814.zip
  lien directory import PS_LibreAcces_Personne_activite_*.txt PS_LibreAcces_SavoirFaire_*.txt
  lien directory search infirmier saint-paul
"""
_STAMP: Final = re.compile(r"_(20[0-9]{2})([01][0-9])([0-3][0-9])[0-9]{0,6}\b")
_ENTRIES: Final = tuple(
    f"PS_LibreAcces_{name}" for name in ("Personne_activite", "SavoirFaire", "Dipl_AutExerc")
)
_MAX_FILES: Final = len(_ENTRIES)
_MAX_ENTRIES: Final = 1_000
_MAX_RATIO: Final = 100
_MAX_BYTES: Final = 8 * 1024**3  # 0.8 GB in 2026
_COUNTS: Final = ("read", "kept", "known", "people", "added", "changed", "gone", "completed")

_T = TypeVar("_T")


class UnreadableFile(LienError):
    """The named file cannot be opened or is not what the command takes."""


def add(subparsers: Subparsers) -> None:
    """Register the command and its two parts."""
    parser = add_command(
        subparsers, "directory", "Fill and search the directory of professionals.", _EPILOG
    )
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)

    load = add_command(
        parts,
        "import",
        "Replace the directory by an extract.",
        "Who is not in the extract any more leaves the directory, and is signed out everywhere.\n"
        "People outside the territory are kept as a proof that their number exists, for\n"
        "sign-up; they are not shown.",
    )
    load.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="the extract: one zip, or its files"
    )
    load.add_argument(
        "--territory",
        metavar="CODE",
        help="beginning of the INSEE commune codes to list, like 974 (default: LIEN_TERRITORY)",
    )
    load.add_argument(
        "--date",
        metavar="YYYY-MM-DD",
        help="date of the extract (default: the one in the file's name)",
    )
    load.add_argument(
        "--allow-shrink",
        action="store_true",
        help="accept that more than a tenth of the people, or of the accounts, are gone",
    )
    load.add_argument("--json", action="store_true", help="print the report as JSON")
    load.set_defaults(run=run_import)

    search = add_command(parts, "search", "Search people by name, profession, commune, structure.")
    search.add_argument("words", nargs="+", metavar="WORD")
    search.set_defaults(run=run_search)


def run_import(options: argparse.Namespace) -> int:
    """Import, then report."""
    from lien.cli.operator import follow_import
    from lien.directory import Territory

    config = read_config()
    try:
        territory = Territory.parse(options.territory or config.territory)
    except ValueError as error:
        raise UnreadableFile(str(error)) from error
    with ExitStack() as stack:
        parts = [part for path in options.files for part in _open_parts(path, stack)]
        if len(parts) > _MAX_FILES:
            raise UnreadableFile(f"an extract has at most {_MAX_FILES} files")
        extract_date = _date_of(options.date, parts)

        async def load(directory: "Directory") -> "Report":
            with _progress(parts) as progress:
                return await directory.import_extract(
                    *(part.stream for part in parts),
                    territory=territory,
                    extract_date=extract_date,
                    may_shrink=options.allow_shrink,
                    progress=progress,
                )

        stack.enter_context(_explaining_damage())
        report = asyncio.run(_with_directory(config, load))
    done = asyncio.run(follow_import(config, report.extract_date, options.allow_shrink))
    suspended = len(done.suspended) if done else 0
    print(_as_json(report, suspended) if options.json else _as_text(report, suspended))
    return 0


def run_search(options: argparse.Namespace) -> int:
    """Print the first page, one person per line."""

    async def search(directory: "Directory") -> int:
        page = await directory.search(" ".join(options.words))
        for person in page.professionals:
            print(_line(person))
        if page.next:
            print("… and more: add a word", file=sys.stderr)
        return 0 if page.professionals else 1

    return asyncio.run(_with_directory(read_config(), search))


async def _with_directory(config: "Config", use: "Callable[[Directory], Awaitable[_T]]") -> "_T":
    from lien.clock import SystemClock
    from lien.directory import Directory
    from lien.directory.store import DirectoryStore
    from lien.runtime.opening import open_configured_store

    async with open_configured_store(config) as store:
        return await use(Directory(DirectoryStore(store), SystemClock()))


@dataclass(frozen=True, slots=True)
class _Part:
    """One file of the extract, with the name it was published under and its size in bytes."""

    stream: IO[bytes]
    name: str
    size: int
    written: date


def _open_parts(path: Path, stack: ExitStack) -> list[_Part]:
    """A text file as it is, a zip as the entries known by their names."""
    import zipfile

    with _explaining_damage(path):
        file = stack.enter_context(path.open("rb"))
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        if not zipfile.is_zipfile(file):
            file.seek(0)
            if file.peek(4).startswith(b"PK\3\4"):
                raise UnreadableFile(f"{path}: this zip is cut off; download it again")
            return [_Part(file, path.name, path.stat().st_size, written)]
        archive = stack.enter_context(zipfile.ZipFile(file))
        return [
            _Part(
                # Reading lines straight from a zip entry is ten times slower.
                io.BufferedReader(stack.enter_context(archive.open(entry)), 1 << 20),  # type: ignore[type-var]
                entry.filename,
                entry.file_size,
                written,
            )
            for entry in _find_entries(archive.infolist())
        ]


@contextmanager
def _explaining_damage(path: Path | None = None) -> Iterator[None]:
    """What goes wrong with a file, as a sentence; reading may fail long after opening."""
    import zipfile
    import zlib

    name = path or "the extract"
    try:
        yield
    except OSError as error:
        raise UnreadableFile(f"{name}: {error.strerror or 'cannot be read'}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise UnreadableFile(f"{name}: this zip is damaged, or of a kind not read here") from error


def _find_entries(entries: "list[ZipInfo]") -> "list[ZipInfo]":
    """Their bounds are those of the published files, many times over."""
    if len(entries) > _MAX_ENTRIES:
        raise UnreadableFile("this zip has too many entries")
    wanted = [
        entry
        for entry in entries
        if not entry.is_dir() and any(name in entry.filename for name in _ENTRIES)
    ]
    if not wanted:
        raise UnreadableFile(f"this zip does not have a {_ENTRIES[0]}….txt")
    for entry in wanted:
        if entry.file_size > _MAX_BYTES or entry.file_size > entry.compress_size * _MAX_RATIO:
            raise UnreadableFile("this zip unpacks to more than any extract")
    return wanted


def _date_of(option: str | None, parts: Sequence[_Part]) -> str:
    """The given date, else the one in a file's name, else when the first file was written."""
    stamps = [stamp for part in parts if (stamp := _STAMP.search(part.name))]
    text = option or ("-".join(stamps[0].groups()) if stamps else "")
    if not text:
        return parts[0].written.isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UnreadableFile("the date must be like 2026-11-23") from error


@contextmanager
def _progress(parts: Sequence[_Part]) -> "Iterator[Callable[[int], object] | None]":
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("reading", total=sum(part.size for part in parts))
        yield lambda rows: bar.update(
            task,
            completed=sum(part.stream.tell() for part in parts),
            description=f"{rows:,} rows".replace(",", " "),
        )


def _as_json(report: "Report", suspended: int) -> str:
    examples = [
        {"file": row.kind.value, "line": row.line, "reason": row.reason.value}
        for row in report.examples
    ]
    values = {name: getattr(report, name) for name in _COUNTS}
    return json.dumps(
        {
            **{"extract_date": report.extract_date, **values, "suspended": suspended},
            "rejected": {reason.value: count for reason, count in report.rejected.items()},
            "examples": examples,
        }
    )


def _as_text(report: "Report", suspended: int) -> str:
    lines = [
        f"Extract of {report.extract_date}: {report.people} professionals in the directory",
        f"  {report.added} new, {report.changed} changed, {report.gone} gone",
        f"  {report.read} rows read, {report.kept} of the territory; {report.known} people known",
    ]
    if suspended:
        lines.append(f"  {suspended} accounts suspended: their owners are gone")
    if report.completed:
        lines.append(f"  {report.completed} given more specialities by the other files")
    lines += [
        f"  {count} rows left out: {reason.value.replace('_', ' ')}"
        for reason, count in report.rejected.items()
    ]
    lines += [
        f"    {row.kind.value} line {row.line}: {row.reason.value}" for row in report.examples
    ]
    return "\n".join(lines)


def _line(person: "Professional") -> str:
    role = ", ".join((person.profession, *person.specialities))
    if person.is_student:
        role += " (étudiant)"
    places = " · ".join(
        " ".join(filter(None, (place.structure, place.postcode, place.commune)))
        for place in person.activities
    )
    return f"{person.rpps}  {person.family_name} {person.given_name}  {role}  {places}"
