"""
HL7v2 over MLLP: one message, one answer, in order, on connections that stay open.

A message is answered `AA` when it is on the spool's disk: it will be delivered, or a person will
look at it. What cannot be read or contradicts itself is answered `AE` or `AR`. When the fault is
ours (a full disk) there is no answer and the connection ends, so that it is sent again.
"""

import asyncio
import contextlib
import sqlite3
from datetime import UTC, datetime
from typing import Final

from lien.clock import Clock
from lien.gateway import acknowledgements, mllp
from lien.gateway.doors.submitting import Desk
from lien.gateway.doors.tls import context_of
from lien.gateway.intake import is_taken
from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.settings import MllpSettings, parse_listen
from lien.gateway.spool import SpoolFull
from lien.ids import new_id
from lien.telemetry import Telemetry

WAY: Final = "mllp"
_READ_BYTES: Final = 65_536
_ANSWER_SECONDS: Final = 30.0  # a peer that does not take its answer is gone
# Whoever is cut off while writing reads why only if what they write is taken until then.
_LINGER_SECONDS: Final = 30.0


class MllpDoor:
    """Listens, and answers."""

    def __init__(
        self, settings: MllpSettings, desk: Desk, clock: Clock, telemetry: Telemetry
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._clock = clock
        self._telemetry = telemetry
        self._server: asyncio.Server | None = None
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def port(self) -> int:
        """Where it listens, for a configured port of 0."""
        assert self._server is not None  # noqa: S101  started before
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Raises: BadConfig, OSError."""
        host, port = parse_listen(self._settings.listen)
        self._server = await asyncio.start_server(
            self._serve,
            host,
            port,
            limit=4 * _READ_BYTES,
            ssl=context_of(
                self._settings.certificate,
                self._settings.key,
                self._settings.client_authorities,
            ),
        )

    async def stop(self) -> None:
        """Take no more; what is being answered is answered first."""
        if self._server is not None:
            self._server.close()
            if self._talks:
                for writer in self._talks.values():
                    writer.close()
                await asyncio.wait(list(self._talks), timeout=_ANSWER_SECONDS)
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._talks) >= self._settings.max_connections:
            writer.close()
            return
        self._talks[task] = writer
        try:
            await self._talk(reader, writer)
        except (TimeoutError, OSError):
            pass  # the peer is gone or silent: what it was answered stands
        except (SpoolFull, sqlite3.Error) as error:
            self._telemetry.log("gateway_spool_failed", error=type(error).__name__)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            self._talks.pop(task, None)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        decoder = mllp.FrameDecoder()
        while True:
            async with asyncio.timeout(self._settings.idle_seconds):
                data = await reader.read(_READ_BYTES)
            try:
                if not data:
                    decoder.finish()
                    return
                for message in decoder.feed(data):
                    await self._reply(writer, await self._answer(message))
                decoder.require_sound()
            except Unreadable as error:
                # Nobody can say where the next message begins.
                self._telemetry.log("gateway_unreadable", reason=error.reason.value, route=WAY)
                if data:
                    await self._reply(writer, self._acknowledge(b"", error.reason))
                    await _part(reader, writer)
                return

    async def _answer(self, message: bytes) -> bytes:
        if not message.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"MSH"):
            return self._acknowledge(message, Reason.UNKNOWN_FORMAT)
        try:
            header = acknowledgements.header_of(message) if self._settings.answers_to else b""
            taken = await self._desk.submit(message, way=WAY, keeps_unreadable=False, header=header)
        except Unreadable as error:
            return self._acknowledge(message, error.reason)
        return self._acknowledge(message, None if is_taken(taken) else Reason.CONTRADICTORY)

    def _acknowledge(self, message: bytes, refused: Reason | None) -> bytes:
        at = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)
        return acknowledgements.technical(message, control_id=new_id(), at=at, refused=refused)

    async def _reply(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        writer.write(mllp.frame(answer))
        async with asyncio.timeout(_ANSWER_SECONDS):
            await writer.drain()


async def _part(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Nothing more is said; what is still being written is taken for so long, and kept nowhere."""
    if not writer.can_write_eof():
        return  # over TLS both directions end together
    writer.write_eof()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            while await reader.read(_READ_BYTES):
                pass
