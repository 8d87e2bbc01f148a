"""The house rules a program can check, so that they are argued about here and never in review."""

import importlib
import inspect
import json
import pkgutil
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

import lien
from lien.config import BadConfig, Config
from lien.errors import LienError
from lien.storage import keys
from lien.telemetry import Metric

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "src/lien/web/built"
MAX_LINES = 300
MAX_TEST_LINES = 500  # a test is read one function at a time
# A longer file is a decision, recorded here with its own ceiling.
LONGER = {
    "src/lien/protocol/connection.py": 400,
    "src/lien/fanout/websocket.py": 350,  # one class against one interface of uvicorn
    "src/lien/storage/keys.py": 420,  # one table: every key there is
    "src/lien/fanout/exchange.py": 320,  # the same for the whole of ASGI
}

# A file called so has no purpose of its own.
EMPTY_NAMES = frozenset(
    """util utils helper helpers common misc manager managers handler handlers processor processors
    base""".split()
)
TEXT_SUFFIXES = (
    "",
    *(".py", ".ts", ".tsx", ".js", ".css", ".html", ".lua", ".sh"),
    *(".md", ".json", ".toml", ".yaml", ".lock", ".csv", ".txt", ".svg"),
)


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository that is not ignored; the walk serves where git has no say."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return tuple(str(p.relative_to(ROOT)) for p in (ROOT / "src/lien").rglob("*.py"))
    return tuple(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


def sources() -> Iterator[str]:
    for name in tracked():
        if name.endswith((".py", ".ts", ".tsx", ".lua", ".css")):
            yield name


def texts() -> Iterator[tuple[str, str]]:
    for name in tracked():
        path = ROOT / name
        if path.suffix in TEXT_SUFFIXES:
            yield name, path.read_text(encoding="utf-8", errors="replace")


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def all_errors() -> set[type[LienError]]:
    """Every error class of the package, after importing every module of it."""
    for module in pkgutil.walk_packages(lien.__path__, "lien."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: set[type[LienError]] = set()
    queue = [LienError]
    while queue:
        found.add(error := queue.pop())
        queue += error.__subclasses__()
    return {error for error in found if error.__module__.startswith("lien.")}


def documented_codes() -> set[str]:
    table = document("protocol.md").split("## Error codes", 1)[1]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)}


def test_modules_stay_short() -> None:
    def ceiling(name: str) -> int:
        is_test = name.startswith("tests/") or ".test." in name
        return LONGER.get(name, MAX_TEST_LINES if is_test else MAX_LINES)

    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in sources()}
    assert {name: lines for name, lines in lengths.items() if lines > ceiling(name)} == {}


def test_the_table_of_longer_modules_is_current() -> None:
    assert [name for name in LONGER if not (ROOT / name).is_file()] == []


def test_names_say_what_a_file_is_for() -> None:
    def words(name: str) -> set[str]:
        parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
        return {part.lower() for part in parts}

    assert [name for name in sources() if words(name.rsplit(".", 1)[0]) & EMPTY_NAMES] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name
        for name in sources()
        if name.startswith("src/lien/")
        and name.endswith(".py")
        and not (ROOT / name).read_text().lstrip().startswith(('"""', 'r"""'))
    ]
    assert silent == []


def test_error_codes_are_documented_and_unique() -> None:
    errors = all_errors()
    codes = Counter(error.code for error in errors if "code" in vars(error))
    own = set(codes)

    assert own - documented_codes() == set(), "missing in docs/protocol.md"
    assert documented_codes() - own == set(), "in docs/protocol.md, but nothing raises them"
    assert [code for code, count in codes.items() if count > 1] == []


def test_settings_are_documented_with_their_defaults() -> None:
    page = document("configuration.md")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `LIEN_")}

    assert set(rows) == {f"LIEN_{field.name.upper()}" for field in fields(Config)}
    for field in fields(Config):
        value = field.default
        shown = "empty" if value == "" else str(int(value) if isinstance(value, bool) else value)
        assert shown in rows[f"LIEN_{field.name.upper()}"].split("|")[2], field.name


def test_metrics_are_documented() -> None:
    page = document("operations.md")
    assert [metric.value for metric in Metric if f"`{metric.value}`" not in page] == []


def code_of_the_package() -> str:
    """Every Python line of the package but those of telemetry itself."""
    names = (name for name in sources() if name.startswith("src/lien/") and name.endswith(".py"))
    return "".join((ROOT / name).read_text() for name in names if not name.endswith("telemetry.py"))


def test_events_of_the_log_are_documented() -> None:
    page = document("operations.md")
    events = set(re.findall(r"""\.log\(\s*"(\w+)\"""", code_of_the_package()))
    assert {event for event in events if f"`{event}`" not in page} == set()


def test_metrics_are_counted_somewhere() -> None:
    code = code_of_the_package()
    never = {metric.name for metric in Metric if f"Metric.{metric.name}" not in code}
    assert never == {"LOG_FIELDS_DROPPED"}, "telemetry itself counts that one"


def test_every_key_of_the_store_is_documented() -> None:
    """Each function is called with its arguments' own names: the shape the table shows."""
    page = keys.__doc__ or ""
    rows = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    made = {value for name, value in vars(keys).items() if name.isupper()}
    for name, make in inspect.getmembers(keys, inspect.isfunction):
        if make.__module__ == keys.__name__ and name != "tag":
            names = inspect.signature(make).parameters
            shape: str = make(*(0 if each == "shard" else f"<{each}>" for each in names))
            made.add(shape.replace("{s000}", "{sNNN}"))
    assert made == rows


def test_no_unfinished_work_without_an_issue() -> None:
    # Written apart, so that this file does not find itself.
    marker = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b(?!\(#\d+\))")
    found = [
        f"{name}:{number}"
        for name in sources()
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1)
        if marker.search(line)
    ]
    assert found == []


def test_nothing_of_a_private_machine_is_in_the_repository() -> None:
    private = re.compile(
        r"(?<![\w.-])/(?:home|Users|root|work|opt/pypi|opt/wheels)/\w|\bshare[d]/|/tmp/[v]0"
    )
    found = [name for name, text in texts() if private.search(text)]
    assert found == []


def test_lock_files_name_no_host() -> None:
    locks = [name for name, _ in texts() if name.endswith((".lock", "package-lock.json"))]
    assert len(locks) >= 4
    for name in locks:
        text = (ROOT / name).read_text()
        # npm keeps the addresses of funding pages; what matters is where code comes from.
        assert '"resolved"' not in text, name
        assert name.endswith(".json") or "://" not in text, name


def test_both_halves_have_one_version() -> None:
    package, lock = (
        json.loads((ROOT / "src/pwa" / name).read_text())
        for name in ("package.json", "package-lock.json")
    )
    assert {package["version"], lock["version"], lock["packages"][""]["version"]} == {
        lien.__version__
    }


def test_every_dependency_is_locked_with_a_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text())
    locked = {entry.split("==")[0] for entry in entries if "--hash=sha256:" in entry}
    assert {re.split(r"[<>=;\[ ]", name)[0] for name in wanted} - locked == set()


def test_the_built_pwa_asks_nobody_else() -> None:
    """
    What is never fetched: XML namespaces, a page named in an error of hash-wasm, and addresses
    that pdf.js tries its own parser of addresses on.
    """
    tried = r"foo\.bar|example\.com"
    names = re.compile(
        rf"""https?://(?!www\.(?:w3\.org|npmjs\.com)/|localhost\b|(?:{tried})\b)[\w.-]+"""
    )
    found = {
        f"{path.name}: {match}"
        for path in BUILT.rglob("*")
        if path.suffix in {".html", ".js", ".css", ".webmanifest"}
        for match in names.findall(path.read_text())
    }
    assert found == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    for number, path in enumerate(decisions, 1):
        assert path.name.startswith(f"{number:04}-"), path.name
        text = path.read_text()
        assert text.startswith(f"# {number}. "), path.name
        for part in ("## Context", "## Decision", "## Consequences", "## Alternatives"):
            assert part in text, f"{path.name}: {part}"


def test_an_unknown_setting_stops_the_start() -> None:
    with pytest.raises(BadConfig, match="LIEN_PROT"):
        Config.from_environ({"LIEN_PROT": "8000"})
