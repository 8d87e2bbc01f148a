"""Where the store is: `LIEN_VALKEY_URL` taken apart."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from lien.storage.errors import UnusableStore


@dataclass(frozen=True, slots=True)
class Address:
    """
    A parsed store address; `path` is set for a Unix socket, else `host` and `port`.

    `seeds` are more servers of the same Cluster, for when the first does not answer.
    """

    path: str = ""
    host: str = ""
    port: int = 6379
    database: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    seeds: tuple[tuple[str, int], ...] = ()


def parse_address(url: str) -> Address:
    """
    Read `unix:///path?db=0`, `valkey://user:password@host:6379/0` or `valkeys://…` (TLS).

    `redis://` and `rediss://` mean the same. Servers of a Cluster may be listed:
    `valkey://user:password@one:6379,two:6379,three:6379`.
    Raises: UnusableStore.
    """
    try:
        first, *more = _split_hosts(url)
        parts = urlsplit(first)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if parts.scheme == "unix":
            database = int(parse_qs(parts.query).get("db", ["0"])[0])
            path = unquote(parts.path)
            if not path:
                raise ValueError
            return Address(path=path, database=database, user=user, password=password)
        if parts.scheme not in ("valkey", "valkeys", "redis", "rediss") or not parts.hostname:
            raise ValueError
        return Address(
            host=parts.hostname,
            port=parts.port or 6379,
            database=int(parts.path.lstrip("/") or "0"),
            user=user,
            password=password,
            is_tls=parts.scheme in ("valkeys", "rediss"),
            seeds=tuple(_read_host(one) for one in more),
        )
    except ValueError:
        # Without its cause: the address may hold a password.
        raise UnusableStore(
            "LIEN_VALKEY_URL must be like valkey://host:6379/0 or unix:///path/to/socket"
        ) from None


def _split_hosts(url: str) -> list[str]:
    """The address with its first server only, then the others."""
    scheme, separator, rest = url.partition("://")
    place, slash, tail = rest.partition("/")
    secrets, at, hosts = place.rpartition("@")
    first, *more = hosts.split(",")
    return [f"{scheme}{separator}{secrets}{at}{first}{slash}{tail}", *more]


def _read_host(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError
    return parts.hostname, parts.port or 6379
