"""
`python -m lien.gateway.child`: reads one file from its standard input, in a box.

Everything is imported first; then the limits are set; then the bytes are looked at. With no file
descriptor left to open, there is neither a file nor a socket for whoever gets in.
"""

import codecs
import contextlib
import ctypes
import resource
import sys
from typing import Final

import msgpack

from lien.gateway import transfer
from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.reading import MAX_FILE_BYTES, read

MEMORY_BYTES: Final = 512 * 1024**2
CPU_SECONDS: Final = 5
_CODECS: Final = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "iso-8859-15")
_NEW_USER_AND_NETWORK: Final = 0x10000000 | 0x40000000  # CLONE_NEWUSER | CLONE_NEWNET
_NO_NEW_PRIVILEGES: Final = 38  # PR_SET_NO_NEW_PRIVS
_NOT_DUMPABLE: Final = 4  # PR_SET_DUMPABLE


def main() -> None:
    """Answer with a reading or a reason; die, and the parent knows what it means."""
    for name in _CODECS:
        codecs.lookup(name)  # loaded from files, so before there are none
    _shut_in()
    try:
        packed = sys.stdin.buffer.read(MAX_FILE_BYTES + 64)
        data, metadata = msgpack.unpackb(packed, max_bin_len=MAX_FILE_BYTES)
        del packed
        answer = transfer.encode(read(data, metadata))
    except Unreadable as error:
        answer = transfer.encode(error.reason)
    except MemoryError:
        answer = transfer.encode(Reason.TOOK_TOO_LONG)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _shut_in() -> None:
    """Some kernels forbid new namespaces; the limits hold on all."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.unshare(_NEW_USER_AND_NETWORK)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        libc.prctl(_NOT_DUMPABLE, 0, 0, 0, 0)
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
