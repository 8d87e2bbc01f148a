"""
Replies that leave with what else is written to the same connection in this turn of the loop.

The store answers an append in the same moment in which its feed shows the entry: whoever sent it
gets both by one write. A reply waits for one more look at the sockets, then it goes alone.
"""

import asyncio

from lien.fanout.outbox import Outbox


class Turn:
    """One per worker."""

    def __init__(self) -> None:
        self._waiting: list[Outbox] = []

    def hold(self, outbox: Outbox, frame: bytes) -> None:
        """Write a prepared frame soon, before anything else that is written to this connection."""
        if outbox.hold(frame):
            if not self._waiting:
                asyncio.get_running_loop().call_soon(self._look_again)
            self._waiting.append(outbox)

    def _look_again(self) -> None:
        # What the sockets have meanwhile is read between two turns.
        asyncio.get_running_loop().call_soon(self._release)

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, []
        for outbox in waiting:
            outbox.release()
