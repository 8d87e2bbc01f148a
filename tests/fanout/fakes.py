"""A connection without a connection, for the hub and the relay."""

from lien.ids import AccountId, DeviceId, SessionId
from lien.protocol.codes import CloseCode


class FakeSink:
    """Remembers what it was offered."""

    def __init__(self, account: str, device: str = "phone", session: str = "morning") -> None:
        self.account = AccountId(account)
        self.device = DeviceId(device)
        self.session = SessionId(session)
        self.frames: list[bytes] = []
        self.is_stalled = False
        self.closed: CloseCode | None = None
        self.outbox = self

    def offer(self, frame: bytes) -> bool:
        if not self.is_stalled:
            self.frames.append(frame)
        return not self.is_stalled

    def close(self, code: CloseCode) -> None:
        self.closed = code
