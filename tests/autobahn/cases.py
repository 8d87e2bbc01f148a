"""
The cases of the Autobahn test suite, taken from the package index at run time.

The package is written for Python 2 and pins libraries of its time, but its cases are plain
classes. They are read out of the wheel, without installing it, with four small changes to their
text; byte strings stay text of one character per byte (latin-1), as Python 2 had them.
"""

import builtins
import re
import subprocess
import sys
import tempfile
import zipfile
from codecs import getincrementaldecoder
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
CACHE = Path(tempfile.gettempdir()) / "lien-autobahn"
_FETCH_SECONDS = 60

# 12 and 13 are about compression, which is declined; 8 and 11 are empty.
_NAMES = re.compile(r"autobahntestsuite/case/(case(?:[1-7]|9|10)_\w+)\.py")
_UNLIMITED = "case9_9_1"  # not in the list of the suite either

# What Python 3 does not read, or reads otherwise.
_CHANGES = (
    (re.compile(r"^( *)print\b.*$", re.M), r"\1pass"),
    (re.compile(r"\(object, Case, \)"), "(Case, )"),
    (re.compile(r"len\(self\.payload\) / "), "len(self.payload) // "),
    (re.compile(r"\bpickle\.dumps\((obj\d)\)"), r"compared(\1)"),
)


class Unreachable(Exception):
    """The package index does not answer."""


def fetch() -> Path:
    """
    The wheel, from the cache or the package index; its hash is checked.

    Raises: Unreachable.
    """
    found = list(CACHE.glob("autobahntestsuite-*.whl"))
    if not found:
        # Python 2.7's, because that one is a wheel: nothing is built, nothing of it is run.
        command = [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--only-binary=:all:", "--python-version=2.7", "--require-hashes"),
            *("--requirement", str(REQUIREMENTS), "--dest", str(CACHE)),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_FETCH_SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            raise Unreachable("the cases could not be fetched") from error
        found = list(CACHE.glob("autobahntestsuite-*.whl"))
    return found[0]


def load(wheel: Path) -> dict[str, type[Any]]:
    """Every case by its number, in order."""
    shelf = _Shelf(wheel)
    classes: dict[str, type[Any]] = {}
    for name in shelf.names:
        for value in vars(shelf.get(name)).values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, type) and hasattr(each, "EXPECTATION"):
                    classes[each.__name__[4:].replace("_", ".")] = each
    return dict(sorted(classes.items(), key=lambda item: [int(n) for n in item[0].split(".")]))


class _Shelf:
    """The modules of the wheel that hold cases, executed when they are first asked for."""

    def __init__(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            found = {
                match[1]: archive.read(path).decode("latin-1")
                for path in archive.namelist()
                if (match := _NAMES.fullmatch(path)) and match[1] != _UNLIMITED
            }
            self.names = tuple(found)
            self._texts = {
                "case": archive.read("autobahntestsuite/case/case.py").decode("latin-1"),
                **found,
            }
        self._modules: dict[str, Any] = {
            "autobahn.websocket.protocol": SimpleNamespace(WebSocketProtocol=States),
            "autobahn.websocket.utf8validator": SimpleNamespace(Utf8Validator=Utf8Validator),
            "binascii": SimpleNamespace(b2a_hex=lambda text: text.encode("latin-1").hex()),
        }

    def get(self, name: str) -> Any:
        if name not in self._modules:
            text = self._texts[name]
            for pattern, replacement in _CHANGES:
                text = pattern.sub(replacement, text)
            self._modules[name] = module = ModuleType(name)
            module.__dict__["__builtins__"] = {
                **vars(builtins),
                "__import__": self._import,
                "compared": compared,
                "xrange": range,
            }
            exec(compile(text, name, "exec"), module.__dict__)  # noqa: S102
        return self._modules[name]

    def _import(self, name: str, *rest: Any) -> Any:
        if name in self._texts or name in self._modules:
            return self.get(name)
        return builtins.__import__(name, *rest)


class States:
    """What the cases ask of a connection."""

    STATE_CLOSED, STATE_CONNECTING, STATE_CLOSING, STATE_OPEN = range(4)


class Utf8Validator:
    """Only asked, while the cases are made, whether prefixes of a text are whole."""

    def reset(self) -> None: ...

    def validate(self, text: str) -> tuple[bool, bool]:
        decoder = getincrementaldecoder("utf-8")()
        decoder.decode(text.encode("latin-1"))
        return True, not decoder.getstate()[0]


def compared(events: Any) -> Any:
    """Lists and tuples of the same are the same."""
    return [compared(each) for each in events] if isinstance(events, list | tuple) else events
