"""
The store, opened and checked.

A server that would lose, drop or refuse data is turned away at start, each time with a text
that says what to do: a half-start would find out with the first message of a patient.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from lien.storage import keys
from lien.storage.address import Address, parse_address
from lien.storage.cluster import Cluster
from lien.storage.errors import ReplyRefused, StoreIsReplica, StoreUnavailable, UnusableStore
from lien.storage.pipeline import Pipe, Send, require_primary
from lien.storage.promotions import note_single_primary
from lien.storage.scripts import Scripts
from lien.storage.space import DEFAULT_FREE_BYTES, FreeSpace

_SCHEMA: Final = 1
_TIMEOUT_SECONDS: Final = 5.0

_SETTINGS: Final = {
    "appendonly": ("yes", "without it a restart loses everything"),
    "appendfsync": ("always", "with another value acknowledged messages are lost in a power cut"),
    "maxmemory-policy": ("noeviction", "with another value data disappear when memory is short"),
}
_PERMISSIONS: Final = (
    "the store's user may not run what Lien needs: allow it all data commands, scripts, and "
    "role, info, time, command|info and config|get; on a Cluster, cluster|slots, cluster|info and "
    "cluster|myid too"
)


@dataclass(frozen=True, slots=True)
class Store:
    """
    The one way to the store for a process: `pipe` and `scripts` per message, `redis` otherwise.

    On a Cluster `redis` speaks to its first server alone.
    """

    address: Address
    shards: int
    redis: Redis
    pipe: Pipe | Cluster
    scripts: Scripts
    space: FreeSpace

    @property
    def is_cluster(self) -> bool:
        return isinstance(self.pipe, Cluster)

    def open_reader(self, key: str) -> Pipe:
        """A connection of its own, not open yet, to the server that has a key: for waiting."""
        pipe = self.pipe
        return Pipe(lambda: pipe.locate(key)) if isinstance(pipe, Cluster) else Pipe(self.address)

    async def close(self) -> None:
        """Close every connection; calls without an answer fail."""
        await self.pipe.close()
        await self.redis.aclose()


def connect(address: Address, *, timeout_seconds: float = _TIMEOUT_SECONDS) -> Redis:
    """A redis-py client of ours: bytes in and out, a time limit, and never a silent repetition."""
    options: dict[str, Any] = {
        "db": address.database,
        "username": address.user or None,
        "password": address.password or None,
        "socket_timeout": timeout_seconds,
        "socket_connect_timeout": _TIMEOUT_SECONDS,
        # redis-py's own default repeats a write up to ten times: stored twice.
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
        "decode_responses": False,
    }
    if address.path:
        return Redis(unix_socket_path=address.path, **options)
    return Redis(host=address.host, port=address.port, ssl=address.is_tls, **options)


async def open_store(url: str, shards: int, *, free_bytes: int = DEFAULT_FREE_BYTES) -> Store:
    """
    Connect, check, and return the store.

    Raises: UnusableStore with what to do.
    """
    address = parse_address(url)
    pipe: Pipe | Cluster | None = None
    redis: Redis | None = None
    try:
        try:
            address, is_cluster = await _find(address)
            pipe = Cluster(address, shards) if is_cluster else _single(address, shards)
            redis = connect(address)
            if isinstance(pipe, Cluster):
                await _check_cluster(pipe, shards)
            await pipe.connect()
        except StoreUnavailable as error:
            raise _unusable(error) from None
        folder = None
        if isinstance(pipe, Pipe):
            folder = await _check(redis, address, lambda _: redis, shards)
            await _note_primary(pipe, shards)
    except BaseException:
        if pipe is not None:
            await pipe.close()
        if redis is not None:
            await redis.aclose()
        raise
    return Store(address, shards, redis, pipe, Scripts(pipe), FreeSpace(folder, free_bytes))


def _single(address: Address, shards: int) -> Pipe:
    is_checked = False

    async def prepare(send: Send) -> None:
        nonlocal is_checked
        await require_primary(send)
        # The first connection comes before the checks: another store must not be written to.
        if is_checked:
            await note_single_primary(send, shards)
        is_checked = True

    return Pipe(address, prepare=prepare)


async def _note_primary(pipe: Pipe, shards: int) -> None:
    try:
        await note_single_primary(pipe.call, shards)
    except StoreUnavailable as error:
        raise _unusable(error) from None
    except ReplyRefused as error:
        if error.code == "NOPERM":
            raise UnusableStore(_PERMISSIONS) from None
        raise


async def _find(address: Address) -> tuple[Address, bool]:
    """
    The address, with a server that answers in the first place; True for a Cluster's.

    Raises: StoreUnavailable.
    """
    places = ((address.host, address.port), *address.seeds)
    for place in places:
        others = tuple(one for one in places if one != place)
        first = replace(address, host=place[0], port=place[1], seeds=others)
        pipe = Pipe(first, prepare=_nothing)
        try:
            await pipe.connect()
            info = await pipe.call("INFO", "cluster")
        except ReplyRefused as error:
            raise StoreUnavailable("the store refuses to say what it is") from error
        except StoreUnavailable:
            if place == places[-1]:
                raise
        else:
            return first, b"cluster_enabled:1" in info
        finally:
            await pipe.close()
    raise AssertionError("an address has a server")  # pragma: no cover


async def _nothing(_: Send) -> None:
    """To ask what a server is, it may be any."""


def _unusable(error: StoreUnavailable) -> UnusableStore:
    """Why there is no connection."""
    cause = error.__cause__
    if isinstance(error, StoreIsReplica):
        return UnusableStore(
            "the store is a read-only replica: point LIEN_VALKEY_URL at the primary"
        )
    if isinstance(cause, ReplyRefused) and cause.code in ("NOAUTH", "WRONGPASS"):
        return UnusableStore("the store refuses the password: correct the one in LIEN_VALKEY_URL")
    if isinstance(cause, ReplyRefused) and cause.code == "NOPERM":
        return UnusableStore(_PERMISSIONS)
    if cause is None:  # it answers, but not yet
        return UnusableStore("the store does not answer yet: start Lien when it does")
    return UnusableStore(
        "the store cannot be reached: check LIEN_VALKEY_URL and that the server runs"
    )


async def _check_cluster(cluster: Cluster, shards: int) -> None:
    """Before anything connects to write: each primary as a store, and what it was used with."""
    table = await cluster.look()
    clients = {each: connect(each) for each in table.primaries}
    try:
        for address, redis in clients.items():
            await _check(redis, address, lambda key: clients[table.owner_of(key)], shards)
    finally:
        for redis in clients.values():
            await redis.aclose()


async def _check(
    redis: Redis, address: Address, owner_of: Callable[[str], Redis], shards: int
) -> Path | None:
    """Return the server's folder if it is on this machine."""
    try:
        await _check_kind(redis)
        folder = await _check_settings(redis)
        await _check_writing(owner_of(keys.PROBE), owner_of(keys.STORE), shards)
    except exceptions.NoPermissionError:
        raise UnusableStore(_PERMISSIONS) from None
    except (exceptions.ConnectionError, exceptions.TimeoutError):
        raise UnusableStore("the store was lost while it was being checked") from None
    return folder if address.path else None


async def _check_kind(redis: Redis) -> None:
    # WAITAOF came with Redis 7.2. The version text is no proof: Valkey 9 calls itself 7.2.4.
    known = await _execute(redis, "COMMAND INFO", "WAITAOF")
    if not _is_known(known):
        raise UnusableStore("the store is too old: Lien needs Valkey, or Redis 7.2 or newer")


async def _execute(redis: Redis, *arguments: str) -> Any:
    return await redis.execute_command(*arguments)  # type: ignore[no-untyped-call]


def _is_known(reply: Any) -> bool:
    if isinstance(reply, dict):
        return bool(reply)
    return bool(reply) and reply[0] is not None


async def _check_settings(redis: Redis) -> Path | None:
    settings = await redis.config_get("*")
    values = {_text(name): _text(value) for name, value in settings.items()}
    for name, (needed, reason) in _SETTINGS.items():
        if values.get(name) != needed:
            raise UnusableStore(f"the store must have `{name} {needed}`: {reason}")
    return Path(values["dir"]) if values.get("dir") else None


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


async def _check_writing(probed: Redis, redis: Redis, shards: int) -> None:
    try:
        await probed.set(keys.PROBE, b"1")
        await redis.hsetnx(keys.STORE, "schema", str(_SCHEMA))
        await redis.hsetnx(keys.STORE, "shards", str(shards))
        found = await redis.hmget(keys.STORE, ["schema", "shards"])
    except exceptions.ReadOnlyError:
        raise UnusableStore(
            "the store is read-only: point LIEN_VALKEY_URL at the primary"
        ) from None
    except exceptions.OutOfMemoryError:
        raise UnusableStore("the store's memory is full: raise its maxmemory") from None
    except exceptions.NoPermissionError:
        raise
    except exceptions.ResponseError:
        raise UnusableStore(
            "the store refuses to write: its disk is probably full, see its own log"
        ) from None
    schema, first = (int(value or 0) for value in found)
    if schema != _SCHEMA:
        raise UnusableStore("the store was written by another version of Lien")
    if first != shards:
        raise UnusableStore(f"this store has {first} shards for ever: set LIEN_SHARDS={first}")
