"""What is in the memory of a browser: a heap snapshot of every page and worker, by its debugger."""

import json
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

_MANY_BYTES = 256 * 1024 * 1024


class Heap:
    """A connection to the debugger of a Chromium started with `--remote-debugging-port`."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._number = 0
        self._sessions: dict[str, str] = {}
        self._chunks: list[str] = []

    @classmethod
    async def open(cls, port: int) -> Self:
        """Every page, and every worker that a page has or will have."""
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"http://127.0.0.1:{port}/json/version")
        address = answer.json()["webSocketDebuggerUrl"]
        heap = cls(await connect(address, max_size=_MANY_BYTES, compression=None))
        found = await heap._ask("Target.getTargets")
        for target in found["targetInfos"]:
            if target["type"] in ("page", "service_worker"):
                wanted = {"targetId": target["targetId"], "flatten": True}
                await heap._ask("Target.attachToTarget", wanted)
        for session, kind in list(heap._sessions.items()):
            if kind == "page":
                attach = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True}
                await heap._ask("Target.setAutoAttach", attach, session)
        return heap

    @property
    def kinds(self) -> list[str]:
        """What is looked into: `page`, `worker`, `service_worker`."""
        return sorted(self._sessions.values())

    async def find(self, *wanted: str) -> set[str]:
        """Which of these are in some string that is reachable, after a garbage collection."""
        found = set()
        for session in list(self._sessions):
            self._chunks = []
            await self._ask("HeapProfiler.enable", session=session)
            await self._ask("HeapProfiler.takeHeapSnapshot", session=session)
            strings = "\0".join(json.loads("".join(self._chunks))["strings"])
            found |= {one for one in wanted if one in strings}
        return found

    async def close(self) -> None:
        await self._connection.close()

    async def _ask(
        self, method: str, params: dict[str, Any] | None = None, session: str | None = None
    ) -> Any:
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": params or {}}
        if session is not None:
            asked["sessionId"] = session
        await self._connection.send(json.dumps(asked))
        while True:
            told = json.loads(await self._connection.recv())
            if told.get("id") == self._number:
                return told.get("result", {})
            self._note(told)

    def _note(self, told: dict[str, Any]) -> None:
        params = told.get("params", {})
        match told.get("method"):
            case "Target.attachedToTarget":
                self._sessions[params["sessionId"]] = params["targetInfo"]["type"]
            case "Target.detachedFromTarget":
                self._sessions.pop(params["sessionId"], None)
            case "HeapProfiler.addHeapSnapshotChunk":
                self._chunks.append(params["chunk"])
            case _:
                return
