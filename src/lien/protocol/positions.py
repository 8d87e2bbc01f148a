"""
Places in a channel's log. Tuples, because that is what they are on the wire.

`incarnation` changes when a log is rebuilt, for instance after a restore. Offsets of two
incarnations must not be compared: offset 12 of the old log says nothing about the new one.
"""

from typing import NamedTuple

from lien.ids import ChannelId


class Position(NamedTuple):
    """A place in one channel's log; both numbers start at 1."""

    incarnation: int
    offset: int


class Cursor(NamedTuple):
    """All of the channel up to `offset` is stored on the device; 0, 0 when nothing ever was."""

    channel: ChannelId
    incarnation: int
    offset: int


class ChannelState(NamedTuple):
    """
    Where a channel stands after a Resume.

    Entries up to `next` were pushed; below `head`, the device asks again from there.
    """

    channel: ChannelId
    incarnation: int
    head: int
    next: int
