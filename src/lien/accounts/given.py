"""A sponsorship as the server keeps it. A value."""

from dataclasses import dataclass, field
from typing import Literal

from lien.crypto.identity import Identity
from lien.crypto.sponsorship import SignedSponsorship, Sponsorship
from lien.ids import AccountId, InvitationId

State = Literal["waiting", "accepted", "expired", "ended"]


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody whose stay lasts, as colleagues find them. No sponsor: the deployment vouches."""

    account: AccountId
    content: Sponsorship
    sponsor: Identity | None


@dataclass(frozen=True, slots=True)
class Given:
    """One person somebody vouches for; `ended_at_ms` is 0 until it was ended."""

    invitation: InvitationId
    sponsor: AccountId | None  # None: the deployment
    signed: SignedSponsorship = field(repr=False)
    open_until_ms: int  # the link may be accepted
    ended_at_ms: int = 0
    guest: AccountId | None = None

    @property
    def content(self) -> Sponsorship:
        return self.signed.content

    def state_at(self, now_ms: int) -> State:
        if self.ended_at_ms or now_ms >= self.content.ends_at_ms:
            return "ended"
        if self.guest is not None:
            return "accepted"
        return "waiting" if now_ms < self.open_until_ms else "expired"
