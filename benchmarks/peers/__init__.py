"""Other servers that do the same work, in the order in which they are measured."""

from collections.abc import Callable, Mapping
from typing import Final

from benchmarks.peers.mosquitto import Mosquitto
from benchmarks.peers.nats import JetStream, Nats
from benchmarks.peers.nchan import Nchan
from benchmarks.peers.node import NodeWs, SocketIo
from benchmarks.peers.pythons import Channels, Starlette
from benchmarks.subjects import Server

_EVERY: Final = (Nchan, Mosquitto, Nats, JetStream, NodeWs, SocketIo, Starlette, Channels)
PEERS: Final[Mapping[str, Callable[[], Server]]] = {peer.name: peer for peer in _EVERY}
