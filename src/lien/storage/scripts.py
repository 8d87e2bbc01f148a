"""
The Lua scripts: one atomic operation each, run by name.

A file may say `-- Uses: feed.lua` in its header; that file's functions are put in front of it.
A script the server does not know is sent in full once (NOSCRIPT says that nothing was run, so
this is no repetition).
"""

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any, Final

from lien.storage.connection import pack
from lien.storage.errors import ScriptMissing, StoreUnavailable
from lien.storage.pipeline import Argument, Calling

_USES: Final = re.compile(r"^-- Uses: (\w+\.lua)$", re.MULTILINE)


def read_source(name: str) -> str:
    """The text of one script, with what it uses in front."""
    folder = files("lien.storage") / "lua"
    text = (folder / f"{name}.lua").read_text("utf-8")
    used = "".join((folder / other).read_text("utf-8") for other in _USES.findall(text))
    return used + text


# Told the reply, or the error there is instead of one. Must not raise.
Then = Callable[[Any], None]


class Prepared:
    """A script with its keys and first arguments, packed once for many calls."""

    __slots__ = ("body", "key", "known", "name")

    def __init__(self, name: str, key: str, known: bytes, body: bytes) -> None:
        self.name = name
        self.key = key
        self.known = known  # the command by the script's digest, up to where `body` follows
        self.body = body


class _Call:
    """Waits for one reply as a future would, without a task that waits for the future."""

    __slots__ = ("__weakref__", "_prepared", "_rest", "_scripts", "_then")

    def __init__(self, scripts: "Scripts", prepared: Prepared, rest: bytes, then: Then) -> None:
        self._scripts = scripts
        self._prepared = prepared
        self._rest = rest
        self._then = then

    def done(self) -> bool:
        return False

    def set_result(self, result: Any) -> None:
        try:
            self._then(result)
        # A bug of whoever waits must not end the connection that everyone shares.
        except Exception as error:
            name = type(error).__name__
            loop = asyncio.get_running_loop()
            loop.call_exception_handler({"message": f"an answer of the store met a {name}"})

    def set_exception(self, exception: Exception) -> None:
        if isinstance(exception, ScriptMissing):
            self._scripts.post_whole(self._prepared, self._rest, self._then)
        else:
            self._then(exception)


class _WholeCall(_Call):
    """The same, of a script that was sent in full."""

    __slots__ = ()

    def set_exception(self, exception: Exception) -> None:
        self._then(exception)


class Scripts:
    """Every script of `lua/`, by the name of its file."""

    def __init__(self, pipe: Calling) -> None:
        self._pipe = pipe
        self._sources: dict[str, tuple[str, str]] = {}

    async def run(
        self, name: str, keys: Sequence[str], arguments: Sequence[str | bytes | int | float]
    ) -> Any:
        """
        Run one script; the reply is as hiredis reads it.

        Raises: StoreUnavailable (outcome unknown), ReplyRefused (a bug).
        """
        source, digest = self.load(name)
        try:
            return await self._pipe.call("EVALSHA", digest, len(keys), *keys, *arguments)
        except ScriptMissing:
            return await self._pipe.call("EVAL", source, len(keys), *keys, *arguments)

    def prepare(
        self, name: str, keys: Sequence[str], first: Sequence[Argument], more: int
    ) -> Prepared:
        """A call of `name` with these keys and first arguments, to which `more` are to come."""
        _, digest = self.load(name)
        known = _head(3 + len(keys) + len(first) + more, "EVALSHA", digest)
        return Prepared(name, keys[0], known, _bulk((len(keys), *keys, *first)))

    def post(self, prepared: Prepared, more: tuple[Argument, ...], then: Then) -> None:
        """
        `run` without waiting: `then` is called with the reply, or with the error instead of one.

        Raises: StoreUnavailable when there is no connection: nothing was sent.
        """
        rest = _bulk(more)
        packed = b"".join((prepared.known, prepared.body, rest))
        self._pipe.post(prepared.key, packed, _Call(self, prepared, rest, then))

    def post_whole(self, prepared: Prepared, rest: bytes, then: Then) -> None:
        """Send the script in full, to a server that does not know it."""
        source, _ = self.load(prepared.name)
        count = int(prepared.known[1 : prepared.known.index(b"\r")])
        packed = b"".join((_head(count, "EVAL", source), prepared.body, rest))
        try:
            self._pipe.post(prepared.key, packed, _WholeCall(self, prepared, rest, then))
        except StoreUnavailable as error:
            then(error)

    def load(self, name: str) -> tuple[str, str]:
        """The script's text and its digest."""
        found = self._sources.get(name)
        if found is None:
            source = read_source(name)
            # SHA-1 is the name the server gives to a script, not a protection.
            digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()
            found = self._sources[name] = (source, digest)
        return found


def _head(count: int, command: str, script: str) -> bytes:
    return b"*%d\r\n" % count + _bulk((command, script))


def _bulk(values: tuple[Argument, ...]) -> bytes:
    """The values as they follow each other in a command, without the count in front."""
    packed = pack(values)
    return packed[packed.index(b"\n") + 1 :]
