"""The auto-pipelining client against a real server."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import uvloop

from lien.storage.address import parse_address
from lien.storage.embedded import EmbeddedValkey, binary
from lien.storage.errors import ReplyRefused, StoreUnavailable
from lien.storage.pipeline import Pipe, ask_each
from lien.storage.valkey import Store


@pytest.fixture
async def pipe(valkey: EmbeddedValkey, store: Store) -> AsyncIterator[Pipe]:
    pipe = Pipe(parse_address(valkey.url))
    await pipe.connect()
    yield pipe
    await pipe.close()


async def reconnected(pipe: Pipe) -> None:
    async with asyncio.timeout(10):
        while not pipe.is_connected:
            await asyncio.sleep(0.01)


async def test_commands_of_one_turn_leave_together_and_answers_come_in_order(
    pipe: Pipe, store: Store
) -> None:
    before = int((await store.redis.info("stats"))["total_reads_processed"])

    numbers = await asyncio.gather(*(pipe.call("INCR", "n") for _ in range(100)))

    assert numbers == list(range(1, 101))
    after = int((await store.redis.info("stats"))["total_reads_processed"])
    assert after - before < 10


async def test_many_are_asked_about_together_and_one_refusal_is_told_once(pipe: Pipe) -> None:
    await pipe.call("SET", "text", "a")
    await pipe.call("SET", "other", "b")
    await pipe.call("HSET", "hash", "field", "c")

    assert await ask_each(pipe, "GET", ["other", "none", "text"]) == [b"b", None, b"a"]
    assert await ask_each(pipe, "GET", []) == []
    with pytest.raises(ReplyRefused):
        await ask_each(pipe, "GET", ["text", "hash", "hash", "other"])
    assert await pipe.call("GET", "text") == b"a", "the others' answers are not mistaken for this"

    await pipe.close()
    with pytest.raises(StoreUnavailable):
        await ask_each(pipe, "GET", ["text"])


async def test_bytes_come_back_as_they_were(pipe: Pipe) -> None:
    value = bytes(range(256)) * 300

    await pipe.call("SET", "k", value)

    assert await pipe.call("GET", "k") == value


async def test_it_runs_on_uvloop_as_the_workers_do(valkey: EmbeddedValkey) -> None:
    async def ask() -> object:
        pipe = Pipe(parse_address(valkey.url))
        await pipe.connect()
        try:
            return await pipe.call("PING")
        finally:
            await pipe.close()

    assert await asyncio.to_thread(uvloop.run, ask()) == b"PONG"


async def test_a_refusal_names_no_key(pipe: Pipe) -> None:
    await pipe.call("SET", "secret", "text")

    with pytest.raises(ReplyRefused) as refused:
        await pipe.call("HGET", "secret", "f")

    assert "secret" not in str(refused.value)


async def test_a_refusal_does_not_disturb_the_others(pipe: Pipe) -> None:
    answers = await asyncio.gather(
        pipe.call("SET", "a", "1"),
        pipe.call("NONSENSE"),
        pipe.call("GET", "a"),
        return_exceptions=True,
    )

    assert isinstance(answers[1], ReplyRefused)
    assert answers[2] == b"1"


async def test_a_cancelled_call_does_not_shift_the_answers(pipe: Pipe) -> None:
    first = pipe.call("ECHO", "1")
    second = pipe.call("ECHO", "2")
    first.cancel()

    assert await second == b"2"


async def test_a_lost_connection_fails_what_was_sent_and_is_made_again(
    pipe: Pipe, store: Store
) -> None:
    waiting = pipe.call("BLPOP", "nothing", 0)
    await asyncio.sleep(0.05)
    await store.redis.client_kill_filter(_type="normal", skipme=True)

    with pytest.raises(StoreUnavailable):
        await waiting
    await reconnected(pipe)
    assert await pipe.call("PING") == b"PONG"


async def test_nothing_is_ever_sent_twice(pipe: Pipe, store: Store) -> None:
    """A call whose answer was lost is the caller's to repeat: only the caller has the id."""
    calls = [pipe.call("RPUSH", "list", number) for number in range(50)]
    await asyncio.sleep(0)  # they are written now
    await store.redis.client_kill_filter(_type="normal", skipme=True)
    await asyncio.gather(*calls, return_exceptions=True)
    await reconnected(pipe)
    await pipe.call("PING")

    stored = await store.redis.lrange("list", 0, -1)
    assert len(stored) == len(set(stored))


async def test_a_frozen_store_is_given_up_in_time(
    valkey: EmbeddedValkey, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outcome is unknown: here, the call was carried out after all."""
    monkeypatch.setattr("lien.storage.connection.CALL_TIMEOUT_SECONDS", 0.2)
    pipe = Pipe(parse_address(valkey.url))
    await pipe.connect()
    process = psutil.Process(valkey.pid)
    process.send_signal(signal.SIGSTOP)
    try:
        call = pipe.call("SET", "frozen", "1")
        with pytest.raises(StoreUnavailable):
            await asyncio.wait_for(call, 5)
        with pytest.raises(StoreUnavailable):
            await pipe.call("PING")
    finally:
        process.send_signal(signal.SIGCONT)

    await reconnected(pipe)
    assert await pipe.call("GET", "frozen") == b"1"
    await pipe.close()


async def test_waiting_calls_are_bounded(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lien.storage.connection.MAX_PENDING_CALLS", 3)
    calls = [pipe.call("PING") for _ in range(3)]

    with pytest.raises(StoreUnavailable):
        pipe.call("PING")

    assert await asyncio.gather(*calls) == [b"PONG"] * 3
    assert await pipe.call("PING") == b"PONG"


async def test_waiting_bytes_are_bounded(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lien.storage.connection.MAX_PENDING_BYTES", 1000)

    with pytest.raises(StoreUnavailable):
        pipe.call("SET", "k", b"x" * 1000)


async def test_a_replica_is_not_written_to(valkey: EmbeddedValkey, store: Store) -> None:
    await store.redis.replicaof("127.0.0.1", "1")
    try:
        with pytest.raises(StoreUnavailable):
            await Pipe(parse_address(valkey.url)).connect()
    finally:
        await store.redis.replicaof("NO", "ONE")


async def test_after_the_end_nothing_is_taken(pipe: Pipe) -> None:
    waiting = pipe.call("BLPOP", "nothing", 0)
    await pipe.close()

    with pytest.raises(StoreUnavailable):
        await waiting
    with pytest.raises(StoreUnavailable):
        pipe.call("PING")


async def test_a_server_that_became_a_replica_is_left(pipe: Pipe, store: Store) -> None:
    """It refused, so nothing was done; the address is looked for again until it leads on."""
    await store.redis.replicaof("127.0.0.1", "1")
    try:
        with pytest.raises(StoreUnavailable):
            await pipe.call("SET", "k", "1")
        await asyncio.sleep(0.2)
        assert not pipe.is_connected
    finally:
        await store.redis.replicaof("NO", "ONE")

    await reconnected(pipe)
    assert await pipe.call("EXISTS", "k") == 0


async def test_a_server_that_still_loads_is_waited_for() -> None:
    """It answers, and refuses everything: nothing was done, and the connection stays."""
    # Not pytest's own folder: a Unix socket's path may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="lien-") as folder:
        server = EmbeddedValkey(Path(folder))
        server.start()
        server.wait_ready()
        pipe = Pipe(parse_address(server.url))
        await pipe.connect()
        await asyncio.gather(*(pipe.call("SET", f"k{each}", "x" * 100) for each in range(4000)))
        await pipe.close()
        server.stop()
        # Valkey's own setting for such tests, in µs; it hears its clients every 1,024 keys.
        process = await asyncio.create_subprocess_exec(
            binary(), server.folder / "valkey.conf", "--key-load-delay", "600"
        )
        try:
            async with asyncio.timeout(30):
                while await said_by(server) != b"-LOADING":
                    await asyncio.sleep(0.01)
                met = Pipe(parse_address(server.url))
                await met.connect()
                with pytest.raises(StoreUnavailable, match="LOADING"):
                    await met.call("GET", "k3999")
                while await said_by(server) == b"-LOADING":
                    await asyncio.sleep(0.01)
                assert await met.call("GET", "k3999") == b"x" * 100
                await met.close()
        finally:
            process.terminate()
            await process.wait()


async def said_by(server: EmbeddedValkey) -> bytes:
    """The first word of the server's answer, empty while it hears nobody."""
    try:
        reader, writer = await asyncio.open_unix_connection(server.folder / "valkey.sock")
        writer.write(b"GET k\r\n")
        answer = await reader.readline()
        writer.close()
    except OSError:
        return b""
    return answer.split()[0] if answer else b""
