"""
Reads a file in a child process that has limits and nothing else (`lien.gateway.child`).

`read` starts one for one file; `Readers` keeps processes at hand that fork one for each
(`lien.gateway.zygote`), which costs a tenth of it.

A parser that is taken over, runs wild or dies costs one file, which goes to quarantine.
"""

import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Final, Self

import msgpack

from lien.gateway import transfer, zygote
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


class Readers:
    """So many files read at once, each by a process of its own. Used from several threads."""

    def __init__(self, count: int) -> None:
        self._idle: queue.SimpleQueue[_Zygote | None] = queue.SimpleQueue()
        self._count = count
        for _ in range(count):
            self._idle.put(None)  # started when first needed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for _ in range(self._count):
            parent = self._idle.get()
            if parent is not None:
                parent.close()

    def read(self, data: bytes, metadata: bytes | None = None) -> Reading:
        """
        The same as `read`.

        Raises: Unreadable.
        """
        if len(data) + len(metadata or b"") > MAX_FILE_BYTES:
            raise Unreadable(Reason.TOO_LARGE)
        parent = self._idle.get()
        try:
            parent = parent or _Zygote()
            answer = parent.ask(msgpack.packb([data, metadata], use_bin_type=True))
            if answer is None:
                parent.close()
                parent = None
        finally:
            self._idle.put(parent)
        return transfer.decode(answer or b"")


class _Zygote:
    """One process that forks, and our end of its socket."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(zygote.TIMEOUT_SECONDS + 10)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-B", "-m", "lien.gateway.zygote"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
            )

    def ask(self, question: bytes) -> bytes | None:
        """The child's answer, empty if it died before; None when this process is of no use now."""
        ours, theirs = os.pipe()
        with open(ours, "rb") as answers, open(os.memfd_create("document"), "w+b") as held:
            try:
                held.write(question)
                held.seek(0)
                socket.send_fds(self._socket, [b"?"], [held.fileno(), theirs])
            except OSError:
                return None
            finally:
                os.close(theirs)
            answer = answers.read(transfer.MAX_ANSWER_BYTES + 1)
            try:
                is_alive = self._socket.recv(1) == b"."
            except OSError:
                is_alive = False
        if not is_alive:
            return None
        return answer if len(answer) <= transfer.MAX_ANSWER_BYTES else b""

    def close(self) -> None:
        """End it."""
        self._socket.close()
        self._process.kill()
        self._process.wait()


def _environment() -> Mapping[str, str]:
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


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
            env=_environment(),
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
