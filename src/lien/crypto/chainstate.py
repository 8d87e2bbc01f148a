"""The state of a chain, as a value; `lien.crypto.chain` makes one out of another."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lien.crypto.identity import Identity, Sponsored
from lien.crypto.link import Standing
from lien.ids import AccountId, DeviceId


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a client keeps about a chain: the account, its last link's number and hash."""

    account: AccountId
    number: int
    head: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChainState:
    """
    All that the links so far say.

    `devices` are active; `revoked` keeps the public keys of the others, because what they signed
    while they were active must still be verified. `signing_publics` is by generation. `left` is
    the generation the account last left with, 0 if it never did. `attestor` is the place, among
    the attestor's keys, of the one that signed last.
    """

    account: AccountId
    length: int
    head: bytes = field(repr=False)
    devices: Mapping[DeviceId, bytes] = field(repr=False)
    revoked: Mapping[DeviceId, bytes] = field(repr=False)
    generation: int
    signing_public: bytes = field(repr=False)
    sealing_public: bytes = field(repr=False)
    signing_publics: Mapping[int, bytes] = field(repr=False)
    is_stale: bool = False
    identity: Identity | None = field(default=None, repr=False)
    sponsored: Sponsored | None = field(default=None, repr=False)
    attestor: int = 0
    standing: Standing = Standing("open", "")
    left: int = 0

    @property
    def is_closed(self) -> bool:
        """No device is left, or the attestor closed it: the account is over, nothing follows."""
        return not self.devices or self.standing.standing == "closed"

    @property
    def is_departed(self) -> bool:
        """Nobody seals to it: closed, suspended, or open again with the secret it left with."""
        return (
            self.is_closed or self.standing.standing == "suspended" or self.generation <= self.left
        )

    @property
    def departed_generation(self) -> int:
        """What was sealed to this generation or an earlier one was sealed before it left."""
        return self.generation if self.is_departed else self.left

    @property
    def remembered(self) -> Remembered:
        """What to compare the chain with the next time it is shown."""
        return Remembered(self.account, self.length - 1, self.head)

    def find_device_public(self, device: DeviceId) -> bytes | None:
        """The public key of a device that is or was in the chain."""
        return self.devices.get(device) or self.revoked.get(device)
