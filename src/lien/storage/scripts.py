"""
The Lua scripts: one atomic operation each, run by name.

A file may say `-- Uses: feed.lua` in its header; that file's functions are put in front of it.
A script the server does not know is sent in full once (NOSCRIPT says that nothing was run, so
this is no repetition).
"""

import hashlib
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final

from lien.storage.errors import ScriptMissing
from lien.storage.pipeline import Calling

_USES: Final = re.compile(r"^-- Uses: (\w+\.lua)$", re.MULTILINE)


def read_source(name: str) -> str:
    """The text of one script, with what it uses in front."""
    folder = files("lien.storage") / "lua"
    text = (folder / f"{name}.lua").read_text("utf-8")
    used = "".join((folder / other).read_text("utf-8") for other in _USES.findall(text))
    return used + text


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
        source, digest = self._load(name)
        try:
            return await self._pipe.call("EVALSHA", digest, len(keys), *keys, *arguments)
        except ScriptMissing:
            return await self._pipe.call("EVAL", source, len(keys), *keys, *arguments)

    def _load(self, name: str) -> tuple[str, str]:
        found = self._sources.get(name)
        if found is None:
            source = read_source(name)
            # SHA-1 is the name the server gives to a script, not a protection.
            digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()
            found = self._sources[name] = (source, digest)
        return found
