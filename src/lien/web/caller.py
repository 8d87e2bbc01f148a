"""Who is asking: the account and device of one request or of one socket."""

from dataclasses import dataclass, field

from lien.accounts import Session
from lien.ids import AccountId, DeviceId, SessionId


@dataclass(frozen=True, slots=True)
class Caller:
    """
    A signed-in device.

    Over HTTP it has proved its key with the request; on a socket, with the Hello.
    """

    account: AccountId
    device: DeviceId
    session: SessionId
    device_public: bytes
    provider_at_ms: int
    ends_at_ms: int
    token: Session = field(repr=False)

    @classmethod
    def of(cls, session: Session) -> "Caller":
        return cls(
            account=session.account,
            device=session.device,
            session=session.session,
            device_public=session.device_public,
            provider_at_ms=session.provider_at_ms,
            ends_at_ms=min(session.idle_ends_at_ms, session.ends_at_ms),
            token=session,
        )
