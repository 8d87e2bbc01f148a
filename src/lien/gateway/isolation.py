"""
Reads a file in a child process that has limits and nothing else (`lien.gateway.child`).

A parser that is taken over, runs wild or dies costs one file, which goes to quarantine.
"""

import os
import subprocess
import sys
import threading
from typing import Final

import msgpack

from lien.gateway import transfer
from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.reading import MAX_FILE_BYTES, Reading

# The child's own limit is 5 s of CPU; a busy machine may take longer to give them.
TIMEOUT_SECONDS: Final = 20.0


def read(data: bytes, metadata: bytes | None = None) -> Reading:
    """
    The same as `reading.read`, elsewhere.

    Raises: Unreadable.
    """
    if len(data) + len(metadata or b"") > MAX_FILE_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    return transfer.decode(_ask(msgpack.packb([data, metadata], use_bin_type=True)))


def _ask(question: bytes) -> bytes:
    """The child's answer, cut at the bound; empty if it died before."""
    # In memory: health data is not left on a disk, and a child that does not read cannot block.
    with open(os.memfd_create("document"), "w+b") as held:
        held.write(question)
        held.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-B", "-m", "lien.gateway.child"],
            stdin=held,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        clock = threading.Timer(TIMEOUT_SECONDS, child.kill)
        clock.start()
        try:
            with child:
                assert child.stdout is not None  # noqa: S101  asked for above
                answer = child.stdout.read(transfer.MAX_ANSWER_BYTES + 1)
                child.kill()
        finally:
            clock.cancel()
    return answer if len(answer) <= transfer.MAX_ANSWER_BYTES else b""
