"""
`lien serve`: the processes of one machine, and nothing else.

    supervisor ── embedded Valkey (unless LIEN_VALKEY_URL)
               └─ workers, all on one listening socket

Law 1: whoever dies is started again, after a pause that grows while it keeps dying.
Law 2: the store starts first and stops last; workers answer what they took before they end.
Law 3: nothing outlives the supervisor, whatever it dies of (PR_SET_PDEATHSIG), so that the next
start finds the port and the data folder free.
"""

import asyncio
import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
from dataclasses import fields
from typing import Final

from lien.config import Config
from lien.errors import LienError
from lien.runtime.listening import bind
from lien.storage.embedded import EmbeddedValkey, die_with_parent
from lien.storage.errors import UnusableStore
from lien.storage.valkey import open_store
from lien.telemetry import Telemetry

STOP_SECONDS: Final = 10.0
_FIRST_PAUSE_SECONDS: Final = 0.1
_LONGEST_PAUSE_SECONDS: Final = 5.0
# Whoever lived this long before it died begins again with the first pause.
_STEADY_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.1


class StartFailed(LienError):
    """A worker could not start; what it wrote before says why."""


class Supervisor:
    """Start, watch, restart, stop. `run` returns when a signal asked for it."""

    def __init__(self, config: Config, workers: int, telemetry: Telemetry) -> None:
        self._config = config
        self._workers = workers
        self._telemetry = telemetry
        self._ready = asyncio.Event()
        self._is_stopping = False
        self._valkey = None if config.valkey_url else EmbeddedValkey(config.data_dir)

    async def run(self) -> None:
        """
        Serve until SIGTERM or SIGINT.

        Raises: BadConfig, UnusableStore, StartFailed if it cannot begin.
        """
        serving = asyncio.create_task(self._serve(), name="serve")
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop_once, serving)
        try:
            await serving
        except asyncio.CancelledError:
            if not self._is_stopping:
                raise

    def _stop_once(self, serving: asyncio.Task[None]) -> None:
        # A second signal must not interrupt the draining that the first one began.
        if not self._is_stopping:
            self._is_stopping = True
            serving.cancel()

    async def _serve(self) -> None:
        _harden()
        with bind(self._config.host, self._config.port) as listener:
            try:
                await self._start_store()
                await self._keep_all(listener)
            finally:
                if self._valkey is not None:
                    self._valkey.stop()

    async def _start_store(self) -> None:
        if self._valkey is not None:
            await _start(self._valkey)
        url = self._valkey.url if self._valkey else self._config.valkey_url
        # Here, once, with a clear text: the workers would each fail in their own way.
        await (await open_store(url, self._config.shards)).close()

    async def _keep_all(self, listener: socket.socket) -> None:
        tasks = [
            asyncio.create_task(self._keep_worker(number, listener), name=f"worker-{number}")
            for number in range(self._workers)
        ]
        if self._valkey is not None:
            tasks.append(asyncio.create_task(self._keep_valkey(self._valkey), name="valkey"))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # none returns: this raises what ended it
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_worker(self, number: int, listener: socket.socket) -> None:
        pause = _Pause()
        while True:
            pause.begin()
            process, ready_fd = self._spawn(listener)
            try:
                await self._report_ready(number, ready_fd)
                code = await _ended(process)
                self._telemetry.log("worker_ended", worker=number, exit_code=code)
                if not self._ready.is_set():
                    raise StartFailed("a worker could not start; see what it wrote above")
            finally:
                await _stop(process)
            await pause.wait()

    def _spawn(self, listener: socket.socket) -> tuple[subprocess.Popen[bytes], int]:
        read_fd, write_fd = os.pipe()
        process = subprocess.Popen(  # noqa: S603  # our own module, no input in the arguments
            [
                *(sys.executable, "-m", "lien.runtime.worker"),
                *(str(listener.fileno()), str(write_fd)),
            ],
            stdin=subprocess.PIPE,
            pass_fds=(listener.fileno(), write_fd),
            preexec_fn=die_with_parent,  # one system call, nothing that locks
        )
        os.close(write_fd)
        assert process.stdin is not None  # noqa: S101  # for the type checker
        with contextlib.suppress(BrokenPipeError), process.stdin as settings:
            settings.write(json.dumps(_environ_of(self._config)).encode())
        return process, read_fd

    async def _report_ready(self, number: int, ready_fd: int) -> None:
        loop = asyncio.get_running_loop()
        answered = asyncio.Event()
        loop.add_reader(ready_fd, answered.set)
        try:
            await answered.wait()  # its word, or the end of the pipe when it died
        finally:
            loop.remove_reader(ready_fd)
            word = os.read(ready_fd, 1) if answered.is_set() else b""
            os.close(ready_fd)
        if word:
            self._ready.set()
            self._telemetry.log("worker_ready", worker=number, port=self._config.port)

    async def _keep_valkey(self, valkey: EmbeddedValkey) -> None:
        pause = _Pause()
        while True:
            pause.begin()
            while (code := valkey.poll()) is None:  # noqa: ASYNC110  # no event of this loop
                await asyncio.sleep(_LOOK_SECONDS)
            self._telemetry.log("valkey_ended", exit_code=code)
            await pause.wait()
            try:
                await _start(valkey)
            except UnusableStore:
                self._telemetry.log("valkey_failed")
            else:
                self._telemetry.log("valkey_restarted")


class _Pause:
    """How long to wait before the next start."""

    def __init__(self) -> None:
        self._seconds = _FIRST_PAUSE_SECONDS
        self._began = 0.0

    def begin(self) -> None:
        self._began = asyncio.get_running_loop().time()

    async def wait(self) -> None:
        if asyncio.get_running_loop().time() - self._began > _STEADY_SECONDS:
            self._seconds = _FIRST_PAUSE_SECONDS
        await asyncio.sleep(self._seconds)
        self._seconds = min(self._seconds * 2, _LONGEST_PAUSE_SECONDS)


async def _start(valkey: EmbeddedValkey) -> None:
    valkey.start()
    while not valkey.is_ready():
        valkey.require_starting()
        await asyncio.sleep(0.01)


async def _ended(process: subprocess.Popen[bytes]) -> int:
    while (code := process.poll()) is None:  # noqa: ASYNC110  # no event of this loop
        await asyncio.sleep(_LOOK_SECONDS)
    return code


async def _stop(process: subprocess.Popen[bytes]) -> None:
    """Let the worker drain, not for ever."""
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await _ended(process)
    except TimeoutError:
        process.kill()
        process.wait()


def _environ_of(config: Config) -> dict[str, str]:
    """The settings as their variables, which is how they are parsed and checked."""
    values = {field.name: getattr(config, field.name) for field in fields(config)}
    return {
        f"LIEN_{name.upper()}": str(int(value)) if isinstance(value, bool) else str(value)
        for name, value in values.items()
    }


def _harden() -> None:
    """For this process and its children: private files, no memory image on disk, many sockets."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
