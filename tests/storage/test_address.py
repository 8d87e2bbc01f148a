"""What `LIEN_VALKEY_URL` may say."""

import pytest

from lien.storage.address import Address, parse_address
from lien.storage.errors import UnusableStore


def test_one_server() -> None:
    assert parse_address("valkey://one/2") == Address(host="one", database=2)
    assert parse_address("rediss://u:p%40@[::1]:7000") == Address(
        host="::1", port=7000, user="u", password="p@", is_tls=True
    )


def test_servers_of_a_cluster() -> None:
    found = parse_address("valkey://u:p,q@one:1,two,[::1]:3/0")

    assert (found.host, found.port, found.user, found.password) == ("one", 1, "u", "p,q")
    assert found.seeds == (("two", 6379), ("::1", 3))


@pytest.mark.parametrize(
    "url", ["", "one:6379", "http://one", "valkey://", "valkey://one,", "valkey://one,two:x"]
)
def test_what_cannot_be_read_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(UnusableStore, match="LIEN_VALKEY_URL must be") as refused:
        parse_address(url)
    assert refused.value.__cause__ is None


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(parse_address("valkey://u:secret@one"))
