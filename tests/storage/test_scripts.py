"""Scripts by name, and every header as the house style wants it."""

import re
from importlib.resources import files

import pytest

from lien.storage.errors import ReplyRefused
from lien.storage.scripts import read_source
from lien.storage.valkey import Store

LUA = files("lien.storage") / "lua"
NAMES = sorted(
    name.name.removesuffix(".lua")
    for name in LUA.iterdir()
    if name.name.endswith(".lua") and "KEYS[" in name.read_text("utf-8") and name.name != "seen.lua"
)


async def test_a_forgotten_script_is_sent_again(store: Store) -> None:
    for _ in range(2):
        await store.redis.script_flush()
        assert await store.scripts.run("take_token", ["bucket:x"], [5, 1, 1]) == 0


@pytest.mark.parametrize("name", NAMES)
async def test_a_script_is_accepted_by_the_server(store: Store, name: str) -> None:
    assert await store.redis.script_load(read_source(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_script_says_what_it_returns_and_takes(name: str) -> None:
    text = (LUA / f"{name}.lua").read_text("utf-8")
    header = text.split("\n\n", 1)[0]

    assert all(line.startswith("--") for line in header.splitlines())
    assert "-- Returns " in header
    for use in re.findall(r"^.*= (?:tonumber\()?(?:KEYS|ARGV)\[\d+\].*$", text, re.MULTILINE):
        assert " -- " in use, use


async def test_an_error_in_a_script_names_no_key(store: Store) -> None:
    await store.redis.set("bucket:secret", "text")

    with pytest.raises(ReplyRefused) as refused:
        await store.scripts.run("take_token", ["bucket:secret"], [5, 1])

    assert "secret" not in str(refused.value)
