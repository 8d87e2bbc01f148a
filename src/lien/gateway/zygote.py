"""
`python -m lien.gateway.zygote`: forks one shut-in child for each file, everything imported before.

It is given two file descriptors for each: the question and where the answer goes. It passes them
to the child and looks at neither, so that a child that is taken over finds nothing of the files
before its own in the memory it inherits.
"""

import gc
import os
import select
import signal
import socket
from typing import Final

from lien.gateway import child

TIMEOUT_SECONDS: Final = 20.0


def main() -> None:
    """Until the parent closes its end."""
    child.prepare()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's: the parent decides
    gc.freeze()
    parent = socket.socket(fileno=0)
    while True:
        message, descriptors, _, _ = socket.recv_fds(parent, 1, 2)
        if not message or len(descriptors) != 2:
            return
        _serve(*descriptors)
        parent.send(b".")


def _serve(question: int, answer: int) -> None:
    pid = os.fork()
    if pid == 0:
        _become_child(question, answer)
    os.close(question)
    os.close(answer)
    watched = os.pidfd_open(pid)
    try:
        if not select.select([watched], [], [], TIMEOUT_SECONDS)[0]:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    finally:
        os.close(watched)


def _become_child(question: int, answer: int) -> None:
    """Never returns."""
    try:
        os.dup2(question, 0)  # the parent's socket goes by this
        os.dup2(answer, 1)
        os.close(question)
        os.close(answer)
        child.answer()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
