"""Opening a store: what would lose data is turned away, each time with what to do."""

from pathlib import Path

import pytest

from lien.storage.embedded import EmbeddedValkey, url_of
from lien.storage.errors import UnusableStore
from lien.storage.valkey import Store, open_store
from tests.conftest import SHARDS


@pytest.mark.parametrize(
    ("setting", "value", "default"),
    [
        ("maxmemory-policy", "allkeys-lru", "noeviction"),
        ("appendonly", "no", "yes"),
        ("appendfsync", "everysec", "always"),
    ],
)
async def test_a_setting_that_loses_data_is_refused(
    valkey: EmbeddedValkey, store: Store, setting: str, value: str, default: str
) -> None:
    await store.redis.config_set(setting, value)
    try:
        with pytest.raises(UnusableStore, match=f"`{setting} {default}`"):
            await open_store(valkey.url, SHARDS)
    finally:
        await store.redis.config_set(setting, default)


async def test_another_number_of_shards_is_refused(valkey: EmbeddedValkey, store: Store) -> None:
    """Every channel would be looked for where it is not."""
    await (await open_store(valkey.url, SHARDS)).close()

    with pytest.raises(UnusableStore, match=f"LIEN_SHARDS={SHARDS}"):
        await open_store(valkey.url, SHARDS + 1)


async def test_a_replica_is_refused(valkey: EmbeddedValkey, store: Store) -> None:
    await store.redis.replicaof("127.0.0.1", "1")
    try:
        with pytest.raises(UnusableStore, match="replica"):
            await open_store(valkey.url, SHARDS)
    finally:
        await store.redis.replicaof("NO", "ONE")


async def test_full_memory_is_refused(valkey: EmbeddedValkey, store: Store) -> None:
    await store.redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(UnusableStore, match="memory is full"):
            await open_store(valkey.url, SHARDS)
    finally:
        await store.redis.config_set("maxmemory", "0")


async def test_a_wrong_password_is_said(valkey: EmbeddedValkey, store: Store) -> None:
    await store.redis.config_set("requirepass", "a")
    try:
        for url in (valkey.url, valkey.url.replace("unix://", "unix://:b@")):
            with pytest.raises(UnusableStore, match="password"):
                await open_store(url, SHARDS)
        opened = await open_store(valkey.url.replace("unix://", "unix://:a@"), SHARDS)
        assert await opened.pipe.call("GET", "lien:probe") == b"1"
        await opened.close()
    finally:
        await store.redis.config_set("requirepass", "")


async def test_a_user_who_may_not_is_said(valkey: EmbeddedValkey, store: Store) -> None:
    await store.redis.execute_command(  # type: ignore[no-untyped-call]
        "ACL", "SETUSER", "lien", "on", ">a", "~*", "+@all", "-config"
    )
    try:
        with pytest.raises(UnusableStore, match=r"config\|get"):
            await open_store(valkey.url.replace("unix://", "unix://lien:a@"), SHARDS)
    finally:
        await store.redis.execute_command("ACL", "DELUSER", "lien")  # type: ignore[no-untyped-call]


async def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    for url in (f"unix://{tmp_path}/none.sock", "valkey://127.0.0.1:1/0"):
        with pytest.raises(UnusableStore, match="cannot be reached"):
            await open_store(url, SHARDS)


@pytest.mark.parametrize("url", ["", "http://x", "unix://", "valkey://host:port/", "valkey:///0"])
async def test_an_address_that_is_none_is_said_without_repeating_it(url: str) -> None:
    with pytest.raises(UnusableStore, match="LIEN_VALKEY_URL must be like"):
        await open_store(url, SHARDS)


def test_a_path_too_long_for_a_socket_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnusableStore, match="107 bytes"):
        url_of(tmp_path / ("x" * 100))


async def test_a_password_is_never_shown(valkey: EmbeddedValkey) -> None:
    from lien.storage.address import parse_address

    assert "secret" not in repr(parse_address("valkeys://user:secret@host/1"))
    with pytest.raises(UnusableStore) as refused:
        parse_address("valkey://user:secret@host:none/1")
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None
