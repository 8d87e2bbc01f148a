"""Which server of a Cluster has a key: hash slots, and the table that says whose they are."""

import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from lien.storage.address import Address
from lien.storage.errors import StoreUnavailable

SLOTS: Final = 16_384


def slot_of(key: str) -> int:
    """The hash slot of a key: CRC16 (XMODEM) of its tag in braces, or of all of it."""
    start = key.find("{")
    if start >= 0:
        end = key.find("}", start + 1)
        if end > start + 1:
            key = key[start + 1 : end]
    return binascii.crc_hqx(key.encode(), 0) % SLOTS


def key_of(arguments: Sequence[Any]) -> str | None:
    """The first key of a command as Lien writes them, None for one without keys."""
    match arguments:
        case ["EVALSHA" | "EVAL", _, count, key, *_] if count:
            return str(key)
        case ["XREAD", *rest]:
            return _text(rest[rest.index("STREAMS") + 1])
        case [_, key, *_]:
            return _text(key)
        case _:
            return None


def _text(key: str | bytes) -> str:
    return key.decode() if isinstance(key, bytes) else key


@dataclass(frozen=True, slots=True)
class Table:
    """Whose each slot is, as one server saw it at `epoch`; `others` are the replicas."""

    epoch: int
    ranges: tuple[tuple[int, int, Address], ...]
    others: frozenset[Address]

    @property
    def primaries(self) -> frozenset[Address]:
        return frozenset(address for _, _, address in self.ranges)

    def owner_of(self, key: str) -> Address:
        """
        The primary that has a key.

        Raises: StoreUnavailable.
        """
        slot = slot_of(key)
        for first, last, address in self.ranges:
            if first <= slot <= last:
                return address
        raise StoreUnavailable("slots of the Cluster belong to nobody")

    @property
    def is_whole(self) -> bool:
        """True when every slot belongs to someone."""
        return sum(last - first + 1 for first, last, _ in self.ranges) == SLOTS


def read_table(asked: Address, reply: Sequence[Any], info: bytes) -> Table:
    """The answers of the server at `asked` to CLUSTER SLOTS and CLUSTER INFO."""
    ranges: list[tuple[int, int, Address]] = []
    others: set[Address] = set()
    for first, last, primary, *replicas in reply:
        found = place_of(asked, primary[0], primary[1])
        if found is not None:
            ranges.append((first, last, found))
        others.update(filter(None, (place_of(asked, one[0], one[1]) for one in replicas)))
    epoch = int(read_info(info).get("cluster_current_epoch", "0"))
    return Table(epoch, tuple(sorted(ranges, key=lambda one: one[0])), frozenset(others))


def place_of(asked: Address, host: bytes | str | None, port: int | str) -> Address | None:
    """
    Where a server says that another one is, None when it does not know.

    An empty host means its own: it does not know by which name it was reached.
    """
    name = host.decode() if isinstance(host, bytes) else host
    if name == "?":
        return None
    return replace(asked, host=name or asked.host, port=int(port), seeds=())


def read_info(text: bytes) -> dict[str, str]:
    """The lines `name:value` of an INFO answer."""
    lines = text.decode("utf-8", "replace").splitlines()
    return {name: value for name, _, value in (line.partition(":") for line in lines)}
