"""The truth to compare with: what the server's store holds, read past every client."""

from dataclasses import dataclass, field

from lien.crypto.envelope import Kind, decode_header
from lien.crypto.statement import Statement, decode_statement
from lien.ids import AccountId, ChannelId
from lien.storage import keys
from lien.storage.embedded import url_of
from lien.storage.shards import shard_of
from lien.storage.valkey import Store, open_store
from tests.running import RunningServer
from tests.twelve.phone import Key

SHARDS = 8
_SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the log."""

    offset: int
    at_ms: int
    epoch: int
    key: Key


@dataclass(slots=True)
class Log:
    """One conversation: its messages by offset, its statements by epoch."""

    lines: dict[int, Line] = field(default_factory=dict)
    statements: dict[int, Statement] = field(default_factory=dict)

    @property
    def last(self) -> Statement:
        return self.statements[max(self.statements)]

    def stretch(self, account: AccountId) -> set[int]:
        """Epochs that a present member reads on a phone that was set up today."""
        epochs, epoch = set(), max(self.statements)
        while epoch in self.statements and account in self.statements[epoch].accounts:
            epochs.add(epoch)
            epoch -= 1
        return self._with_past(epochs)

    def ever(self, account: AccountId) -> set[int]:
        """Epochs whose key this account was ever given."""
        return self._with_past(
            {number for number, one in self.statements.items() if account in one.accounts}
        )

    def _with_past(self, epochs: set[int]) -> set[int]:
        for epoch in range(max(self.statements), 1, -1):
            if epoch in epochs and self.statements[epoch].previous_key:
                epochs.add(epoch - 1)
        return epochs


class Logs:
    """Reads again and again; what retention removed meanwhile stays known."""

    def __init__(self, server: RunningServer) -> None:
        self._url = url_of(server.data_dir)
        self._logs: dict[ChannelId, Log] = {}
        self._store: Store | None = None

    async def read(self, channel: ChannelId) -> Log:
        """Everything that is or was in the log."""
        if self._store is None:
            self._store = await open_store(self._url, SHARDS)
        log = self._logs.setdefault(channel, Log())
        shard = shard_of(channel, SHARDS)
        start = f"({max(log.lines)}-0" if log.lines else "-"
        for name, fields in await self._store.pipe.call(
            "XRANGE", keys.log(shard, channel), start, "+"
        ):
            values = dict(zip(fields[::2], fields[1::2], strict=True))
            header = decode_header(values[b"h"])
            if header.kind is Kind.MESSAGE and header.device is not None:
                offset = int(name.split(b"-")[0])
                key = (header.device, header.envelope)
                log.lines[offset] = Line(offset, int(values[b"t"]), header.epoch, key)
        stored = await self._store.pipe.call("HGETALL", keys.statements(shard, channel))
        for name, value in zip(stored[::2], stored[1::2], strict=True):
            if not name.startswith(b"o"):
                log.statements[int(name)] = decode_statement(value[_SIGNATURE_BYTES:])
        return log

    async def close(self) -> None:
        if self._store is not None:
            await self._store.close()
