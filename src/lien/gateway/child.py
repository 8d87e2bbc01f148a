"""
`python -m lien.gateway.child`: reads one file from its standard input, in a box.

Everything is imported first; then the limits are set; then the bytes are looked at. With no file
descriptor left to open, there is neither a file nor a socket for whoever gets in.
"""

import codecs
import contextlib
import ctypes
import resource
from typing import Final

import msgpack

from lien.gateway import transfer
from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.reading import MAX_FILE_BYTES, read

MEMORY_BYTES: Final = 512 * 1024**2
CPU_SECONDS: Final = 5
_CODECS: Final = (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "iso-8859-1",
    "iso-8859-15",
    "cp1252",
)
_NEW_USER_AND_NETWORK: Final = 0x10000000 | 0x40000000  # CLONE_NEWUSER | CLONE_NEWNET
_NO_NEW_PRIVILEGES: Final = 38  # PR_SET_NO_NEW_PRIVS
_NOT_DUMPABLE: Final = 4  # PR_SET_DUMPABLE


def main() -> None:
    """Answer one question; die, and the parent knows what it means."""
    prepare()
    answer()


def prepare() -> None:
    """Load what is loaded from files, before there are none; then leave the network."""
    for name in _CODECS:
        codecs.lookup(name)
    # Some kernels forbid new namespaces; the limits hold on all.
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.unshare(_NEW_USER_AND_NETWORK)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        libc.prctl(_NOT_DUMPABLE, 0, 0, 0, 0)


def answer() -> None:
    """Shut in from here on: the question on descriptor 0, a reading or a reason on 1."""
    _shut_in()
    with open(0, "rb", closefd=False) as question:
        packed = question.read(MAX_FILE_BYTES + 64)
    said = _answer(packed)
    with open(1, "wb", closefd=False) as out:
        out.write(said)


def _answer(packed: bytes) -> bytes:
    try:
        data, metadata = msgpack.unpackb(packed, max_bin_len=MAX_FILE_BYTES)
        del packed
        return transfer.encode(read(data, metadata))
    except Unreadable as error:
        return transfer.encode(error.reason)
    except MemoryError:
        return transfer.encode(Reason.TOOK_TOO_LONG)


def _shut_in() -> None:
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 3),  # those that are open
    ):
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
