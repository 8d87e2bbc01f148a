"""A hospital's engine that listens for business acknowledgements, and reports that are answered."""

import asyncio
import base64
import re
import shutil
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lien.gateway import er7, mllp
from lien.gateway.settings import MllpSettings
from tests.gateway.hospital import Hospital
from tests.gateway.samples import FIRST, SECOND, changed
from tests.running import RunningServer


class Engine:
    """The hospital's interface engine: takes one message a connection, and answers as told."""

    def __init__(self, port: int = 0, context: ssl.SSLContext | None = None) -> None:
        self.replies: list[str] = []  # of the next messages; AA after them
        self.holds: asyncio.Event | None = None  # answers wait for it
        self.raw: list[bytes] = []
        self._seen: asyncio.Queue[er7.Message] = asyncio.Queue()
        self._asked_port = port
        self._context = context

    async def __aenter__(self) -> "Engine":
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self._asked_port, ssl=self._context
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def next(self) -> er7.Message:
        return await asyncio.wait_for(self._seen.get(), 60)

    def is_quiet(self) -> bool:
        return self._seen.empty()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (message,) = mllp.FrameDecoder().feed(await reader.readuntil(mllp.END))
        self.raw.append(message)
        parsed = er7.parse(message)
        control_id = parsed.header.field(10).written
        if self.holds and not self.holds.is_set():
            self._seen.put_nowait(parsed)
            await self.holds.wait()
            writer.close()
            return
        reply = self.replies.pop(0) if self.replies else "AA"
        if reply == "another":
            reply, control_id = "AA", "OTHER"
        if reply == "endless":
            writer.write(b"\x0bMSH|" + b"a" * 200_000)
        elif reply != "nothing":
            ack = f"MSH|^~\\&|E|H|L|L|20261102||ACK|1|P|2.6\rMSA|{reply}|{control_id}\r"
            writer.write(mllp.frame(ack.encode()))
        self._seen.put_nowait(parsed)
        writer.close()


@pytest.fixture
async def hospital(server: RunningServer, tmp_path: Path) -> AsyncIterator[Hospital]:
    yield await Hospital.registered(server, tmp_path)
    shutil.rmtree(tmp_path, ignore_errors=True)


def doors(engine: Engine | int) -> MllpSettings:
    port = engine if isinstance(engine, int) else engine.port
    return MllpSettings(listen="127.0.0.1:0", answers_to=f"127.0.0.1:{port}")


def a_report(
    *recipients: str, message: str = "MT02", number: int = 1, version: int = 1, mask: str = "N"
) -> bytes:
    """For one or two people, whom the document names as well as its envelope."""
    first, last = recipients[0], recipients[-1]

    def renamed(found: re.Match[bytes]) -> bytes:
        document = base64.b64decode(found[1]).replace(f"8{FIRST}".encode(), f"8{first}".encode())
        for before, after in (
            (b"1.2.3.4.5.200.1", f"1.2.3.4.5.{199 + number}.{version}"),
            (b'"1.2.3.4.5.200"', f'"1.2.3.4.5.{199 + number}"'),
            (b'versionNumber value="1"', f'versionNumber value="{version}"'),
        ):
            document = document.replace(before, after.encode())
        return b"Base64^" + base64.b64encode(document)

    data = changed(
        "mdm_t02.er7",
        *((f"8{FIRST}", f"8{first}"), (f"8{SECOND}", f"8{last}"), ("|MT02|", f"|{message}|")),
        ("1.2.3.4.5.200.1^", f"1.2.3.4.5.{199 + number}.{version}^"),
        ("MASQUE_PS^libellé^MetaDMPMSS||N", f"MASQUE_PS^libellé^MetaDMPMSS||{mask}"),
    )
    return re.sub(rb"Base64\^([A-Za-z0-9+/=]+)", renamed, data)


async def send(port: int, message: bytes) -> str:
    """MSA-1 of the technical acknowledgement."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(mllp.frame(message))
    (answer,) = mllp.FrameDecoder().feed(await asyncio.wait_for(reader.readuntil(mllp.END), 60))
    writer.close()
    said = er7.parse(answer).find("MSA")
    assert said
    return said.raw(1)


def told(message: er7.Message) -> tuple[str, str, str, str]:
    """Message, yes or no, recipient, and our own cause."""
    first, second = (one for one in message.segments if one.name == "OBX")
    error = message.find("ERR")
    cause = error.field(5).component(4) if error else ""
    return first.raw(4), first.field(5).component(1), second.raw(4), cause


async def until_sent(hospital: Hospital, count: int) -> None:
    for _ in range(300):
        if hospital.status()["answers"] == {"sent": count}:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(hospital.status()["answers"])
