"""Any bytes, cut anywhere: understood or closed, and the same as in one piece."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lien.fanout.frames import PING
from tests.fanout.conftest import Server, dial, masked, running

pieces = st.one_of(
    st.binary(max_size=40),
    st.binary(max_size=300).map(lambda payload: masked(0x82, payload)),
    st.builds(masked, st.integers(0, 255), st.binary(max_size=140)),
    st.sampled_from([PING, b"\x82\xfe\x00", b"\x82\xff" + bytes(7)]),
)


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(pieces, min_size=1, max_size=6), st.data())
def test_any_bytes_in_any_cuts(
    many_streams: "Streams", parts: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    many_streams.run(stream, cuts)


class Streams:
    """Feeds one server with byte streams and compares cut with uncut."""

    def __init__(self, loop: asyncio.AbstractEventLoop, server: Server) -> None:
        self._loop = loop
        self._server = server
        self.reported: list[object] = []
        loop.set_exception_handler(lambda _, context: self.reported.append(context))

    def run(self, stream: bytes, cuts: list[int]) -> None:
        whole = self._loop.run_until_complete(self._answers(stream, []))
        in_parts = self._loop.run_until_complete(self._answers(stream, cuts))
        assert self.reported == []
        assert whole == in_parts

    async def _answers(self, stream: bytes, cuts: list[int]) -> list[tuple[int, bytes]]:
        """Messages and the close code; pongs and their place do not matter."""
        wire = await dial(self._server)
        start = 0
        for cut in [*cuts, len(stream)]:
            wire.writer.write(stream[start:cut])
            start = cut
            await asyncio.sleep(0)
        wire.writer.write_eof()
        answers = []
        with suppress(asyncio.IncompleteReadError, ConnectionResetError):
            while True:
                opcode, payload = await wire.read_frame()
                if opcode == 2:
                    answers.append((opcode, payload))
                elif opcode == 8:
                    answers.append((opcode, payload[:2]))
        await wire.close()
        return answers


@pytest.fixture
def many_streams() -> Iterator["Streams"]:
    loop = asyncio.new_event_loop()
    context = running()
    server = loop.run_until_complete(context.__aenter__())
    yield Streams(loop, server)
    loop.run_until_complete(context.__aexit__(None, None, None))
    loop.close()
