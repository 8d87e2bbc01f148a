"""Where the store is: `LIEN_VALKEY_URL` taken apart."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from lien.storage.errors import UnusableStore


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed store address; `path` is set for a Unix socket, else `host` and `port`."""

    path: str = ""
    host: str = ""
    port: int = 6379
    database: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False


def parse_address(url: str) -> Address:
    """
    Read `unix:///path?db=0`, `valkey://user:password@host:6379/0` or `valkeys://…` (TLS).

    `redis://` and `rediss://` mean the same.
    Raises: UnusableStore.
    """
    try:
        parts = urlsplit(url)
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
        )
    except ValueError:
        # Without its cause: the address may hold a password.
        raise UnusableStore(
            "LIEN_VALKEY_URL must be like valkey://host:6379/0 or unix:///path/to/socket"
        ) from None
