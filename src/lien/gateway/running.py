"""
`lien gateway run`: everything of one gateway in one process, until a signal ends it.

What is built is stopped in the opposite order: first the doors take no more, then what was read
is kept, then the sender finishes what it is at. Whatever is left is in the spool.
"""

import asyncio
import contextlib
import fcntl
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import uvicorn

from lien.client.gateway import GatewayContacts, GatewayHttp
from lien.clock import Clock, SystemClock
from lien.config import BadConfig
from lien.crypto.attestor import Attestors
from lien.errors import Conflict
from lien.gateway import isolation
from lien.gateway.answering import Answerer
from lien.gateway.doors.fhir import FhirDoor, Listener
from lien.gateway.doors.folder import FolderDoor
from lien.gateway.doors.mllp import MllpDoor
from lien.gateway.doors.submitting import Desk
from lien.gateway.doors.tls import context_of
from lien.gateway.families import PtaRule
from lien.gateway.identity import Identity, Keys, load_identity, load_keys
from lien.gateway.intake import Intake
from lien.gateway.routing import Rules
from lien.gateway.sender import Holding, Sender
from lien.gateway.settings import Settings, parse_listen
from lien.gateway.spool import Spool
from lien.secretfiles import read_secret
from lien.telemetry import Telemetry

_DAY_MS: Final = 86_400_000
# A command beside this process may have put something into the spool.
_LOOK_MS: Final = 1_000
_FINISH_SECONDS: Final = 10.0
_HEARTBEAT_SECONDS: Final = 10.0
_REPORTS_EVERY: Final = 6  # heartbeats


class AlreadyRunning(Conflict):
    """Another process runs this gateway."""

    code = "already_running"


def open_spool(settings: Settings, keys: Keys, clock: Clock) -> Spool:
    """The spool of a gateway's folder. Raises: sqlite3.Error."""
    return Spool(settings.state, keys.spool, clock, settings.max_spool_mib)


def build_intake(
    settings: Settings, keys: Keys, spool: Spool, read: Callable[..., Any] = isolation.read
) -> Intake:
    """The way in, with the rules of this deployment."""
    pta = PtaRule(
        types=frozenset(settings.pta.types),
        structures=frozenset(settings.pta.structures),
        sectors=frozenset(settings.pta.sectors),
    )
    rules = Rules(allows_test_identities=settings.test_identities, pta=pta)
    return Intake(spool, keys.ids, rules, read)


def build_sender(
    settings: Settings,
    identity: Identity,
    keys: Keys,
    spool: Spool,
    http: GatewayHttp,
    clock: Clock,
    telemetry: Telemetry,
) -> Sender:
    """The way out."""
    http.deliver_as(identity.gateway, keys.signing)
    contacts = GatewayContacts(http, Attestors.of(identity.attestor_public))
    holding = Holding(settings.hold_days * _DAY_MS, settings.hold_check_seconds * 1000)
    return Sender(spool, http, contacts, identity.gateway, keys.signing, clock, holding, telemetry)


class Running:
    """One gateway's tasks. `start` and `stop` once each."""

    def __init__(self, settings: Settings, clock: Clock, telemetry: Telemetry) -> None:
        self._settings = settings
        self._clock = clock
        self._telemetry = telemetry
        self._work = asyncio.Event()
        self._is_ending = False
        self.mllp: MllpDoor | None = None
        self.fhir_port = 0
        self.spool: Spool | None = None

    @asynccontextmanager
    async def started(self) -> AsyncIterator[list[asyncio.Task[None]]]:
        """
        The tasks of a running gateway; when one ends, it is over.

        Raises: NotRegistered, BadConfig, AlreadyRunning, OSError.
        """
        settings, loop = self._settings, asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            stack.enter_context(_only_one(settings.state))
            keys, identity = load_keys(settings.state), load_identity(settings.state)
            spool = self.spool = open_spool(settings, keys, self._clock)
            stack.callback(spool.close)
            reader = stack.enter_context(isolation.Readers(settings.readers))
            http = await stack.enter_async_context(GatewayHttp(identity.origin, self._clock))
            sender = build_sender(
                settings, identity, keys, spool, http, self._clock, self._telemetry
            )
            sending = _task(self._send(sender), "sender")
            ends = str(identity.certificate.not_after_ms)
            await asyncio.to_thread(lambda: spool.upkeep.set_facts(certificate_ends_ms=ends))
            tasks = [sending, _task(self._keep_house(spool), "house")]
            if settings.mllp.answers_to:
                answerer = Answerer(spool, settings.mllp, self._clock, self._telemetry)
                tasks.append(_task(self._answer(answerer), "answers"))
            stack.push_async_callback(_cancel, list(tasks))
            stack.push_async_callback(self._finish, sending)
            intake = build_intake(settings, keys, spool, reader.read)
            desk = Desk(
                intake,
                settings.readers,
                self._telemetry,
                lambda: loop.call_soon_threadsafe(self._work.set),
            )
            stack.callback(desk.close)
            tasks += await self._open_doors(desk, stack)
            yield tasks

    async def _open_doors(self, desk: Desk, stack: AsyncExitStack) -> list[asyncio.Task[None]]:
        settings, tasks = self._settings, []
        if settings.mllp.listen:
            self.mllp = MllpDoor(settings.mllp, desk, self._clock, self._telemetry)
            await self.mllp.start()
            stack.push_async_callback(self.mllp.stop)
        if settings.fhir.listen:
            tasks.append(await self._open_fhir(desk, stack))
        if settings.folder.path != Path():
            if not settings.folder.path.is_dir():
                raise BadConfig("folder.path is no folder")
            door = FolderDoor(settings.folder, desk, self._clock, self._telemetry)
            watching = [_task(door.run(), "folder")]
            stack.push_async_callback(_cancel, watching)
            tasks += watching
        return tasks

    async def _open_fhir(self, desk: Desk, stack: AsyncExitStack) -> asyncio.Task[None]:
        chosen = self._settings.fhir
        token = b""
        if chosen.token_file != Path():
            token = read_secret(chosen.token_file).strip().encode()
        context_of(chosen.certificate, chosen.key, chosen.client_authorities)  # said before serving
        host, port = parse_listen(chosen.listen)
        has_tls = chosen.certificate != Path()
        has_authorities = chosen.client_authorities != Path()
        server = Listener(
            uvicorn.Config(
                FhirDoor(chosen, token, desk, self._telemetry).application(),
                host=host,
                port=port,
                lifespan="off",
                ws="none",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=10,
                limit_concurrency=64,
                ssl_certfile=str(chosen.certificate) if has_tls else None,
                ssl_keyfile=str(chosen.key) if has_tls else None,
                ssl_ca_certs=str(chosen.client_authorities) if has_authorities else None,
                ssl_cert_reqs=2 if has_authorities else 0,  # ssl.CERT_REQUIRED, CERT_NONE
            )
        )
        task = _task(server.serve(), "fhir")

        async def stop() -> None:
            server.should_exit = True
            await asyncio.wait([task])

        stack.push_async_callback(stop)
        await asyncio.wait(
            [task, starting := _task(server.ready.wait(), "fhir-start")],
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not server.ready.is_set():
            starting.cancel()
            raise BadConfig("fhir.listen cannot be listened on")
        self.fhir_port = server.servers[0].sockets[0].getsockname()[1]
        return task

    async def _finish(self, sending: asyncio.Task[None]) -> None:
        """Let the sender write down what it is at; a crash here costs a repetition, no more."""
        self._is_ending = True
        self._work.set()
        await asyncio.wait([sending], timeout=_FINISH_SECONDS)

    async def _send(self, sender: Sender) -> None:
        while not self._is_ending:
            self._work.clear()
            wait_ms = await sender.step()
            if wait_ms:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(wait_ms, _LOOK_MS) / 1000):
                        await self._work.wait()

    async def _answer(self, answerer: Answerer) -> None:
        while True:
            wait_ms = await answerer.step()
            await asyncio.sleep(min(wait_ms, _LOOK_MS) / 1000)

    async def _keep_house(self, spool: Spool) -> None:
        beats = 0
        while True:
            now_ms = self._clock.now_ms()
            with contextlib.suppress(sqlite3.OperationalError):  # a full disk is said elsewhere
                spool.upkeep.set_facts(running_at_ms=str(now_ms), process=str(os.getpid()))
                if beats % 360 == 0:  # each hour
                    spool.upkeep.forget(now_ms - self._settings.history_days * _DAY_MS)
            if beats % _REPORTS_EVERY == 0:
                self._telemetry.report()
            beats += 1
            await asyncio.sleep(_HEARTBEAT_SECONDS)


async def run(settings: Settings, telemetry: Telemetry) -> None:
    """
    Until SIGTERM or SIGINT.

    Raises: NotRegistered, BadConfig, AlreadyRunning; whatever ended one of the tasks.
    """
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    running = Running(settings, SystemClock(), telemetry)
    async with running.started() as tasks:
        telemetry.log("gateway_started")
        waiting = _task(ending.wait(), "signal")
        done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        for task in done - {waiting}:
            task.result()
    telemetry.log("gateway_stopped")


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise AlreadyRunning("another process runs this gateway") from error
    finally:
        os.close(descriptor)


def _task(work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[None]:
    return asyncio.get_running_loop().create_task(work, name=name)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
