"""A Node process that runs the PWA's engine: `src/pwa/scenarios/phone.ts`, built once."""

import asyncio
import json
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from lien.ids import b64decode, b64encode

PWA: Final = Path(__file__).parents[2] / "src" / "pwa"
_ANSWER_SECONDS: Final = 90.0
_LINE_BYTES: Final = 64 * 1024 * 1024
# Eight of them share the machine, and Node collects late what it may hold.
_HEAP: Final = "--max-old-space-size=768"
# Of the whole process, buffers included, which Node does not count among its heap.
_MOST_MIB: Final = 512


class Refused(Exception):
    """What the engine answered instead, as a code."""


def build() -> Path:
    """The program, made from the sources as they are now."""
    vite = PWA / "node_modules" / "vite" / "bin" / "vite.js"
    command = [_node(), str(vite), "build", "--config", "scenarios/phone.vite.ts"]
    subprocess.run(command, cwd=PWA, check=True, capture_output=True, text=True)
    return PWA / ".build" / "phone" / "phone.js"


class NodeProcess:
    """One run of the program on one folder. It ends by `kill`, as a browser does on a phone."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, program: Path, folder: Path, origin: str) -> "NodeProcess":
        with (folder.parent / f"{folder.name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(_node(), _HEAP, str(program), str(folder)),
                env={"SCENARIO_ORIGIN": origin, "TZ": "Indian/Reunion"},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=_LINE_BYTES,
            )
        return cls(process)

    async def order(self, do: str, **details: Any) -> Any:
        """Raises: Refused, TimeoutError."""
        future = self.begin(do, **details)
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await future

    def begin(self, do: str, **details: Any) -> asyncio.Future[Any]:
        """The same without waiting for the answer."""
        self._number += 1
        future = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = future
        line = json.dumps({"id": self._number, "do": do, **details}, default=_to_json)
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        return future

    async def kill(self) -> None:
        """Raises: AssertionError when it held more memory than a phone may."""
        most_mib = _most_mib(self._process.pid)
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reader
        assert most_mib <= _MOST_MIB, f"a phone held {most_mib} MiB"

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            answer = json.loads(line, object_hook=_from_json)
            future = self._waiting.pop(answer["id"])
            if future.done():
                continue
            if "failure" in answer:
                future.set_exception(Refused(answer["failure"]))
            else:
                future.set_result(answer["reply"])
        for future in self._waiting.values():
            if not future.done():
                future.cancel()


def _most_mib(pid: int) -> int:
    """What a process held at most; 0 when it has ended."""
    with suppress(FileNotFoundError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return 0


def _node() -> str:
    node = shutil.which("node")
    assert node is not None, "node is missing: run scripts/setup"
    return node


def _to_json(value: object) -> dict[str, str]:
    assert isinstance(value, bytes)
    return {"bytes": b64encode(value)}


def _from_json(value: dict[str, Any]) -> Any:
    return b64decode(value["bytes"]) if value.keys() == {"bytes"} else value
