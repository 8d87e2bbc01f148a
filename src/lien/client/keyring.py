"""
What a device holds: who it is, its own key, and the account secrets it could open.

`wrappings` are what opens vault entries (a passkey's PRF output, a recovery code): a bot keeps
them, so that a rotation can wrap the new secret again and a missed one can be read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from lien.client.errors import reading_answer
from lien.client.http import Http
from lien.crypto import vault
from lien.crypto.account import AccountSecret, open_earlier, seal_earlier
from lien.crypto.chain import ChainState, RotateSecret, Signer
from lien.crypto.signing import SigningKey
from lien.crypto.suite import BadSeal
from lien.errors import LienError
from lien.ids import AccountId, DeviceId, b64decode, b64encode, new_id


@dataclass(frozen=True, slots=True)
class VaultEntry:
    """An account secret as the server keeps it."""

    wrapper: str
    generation: int
    wrapped: bytes = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        return {
            "wrapper": self.wrapper,
            "generation": self.generation,
            "wrapped": b64encode(self.wrapped),
        }


class NoSecret(LienError):
    """Nothing here opens the account's secret."""


@dataclass(slots=True)
class Keyring:
    """The secrets of one device. It has no useful repr and is stored by `state` only."""

    account: AccountId
    device: DeviceId
    key: SigningKey = field(repr=False)
    secrets: dict[int, AccountSecret] = field(default_factory=dict, repr=False)
    wrappings: dict[str, bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def new(cls, account: AccountId) -> Self:
        """A new device of an account."""
        return cls(account, DeviceId(new_id()), SigningKey.generate())

    @property
    def signer(self) -> Signer:
        """Signs links as this device."""
        return Signer.device(self.device, self.key)

    def wrap_all(self, generation: int) -> list[VaultEntry]:
        """The secret of a generation for every wrapping secret that is known."""
        secret = self.secrets[generation]
        return [
            VaultEntry(
                wrapper,
                generation,
                vault.wrap(secret, wrapping, self.account, wrapper, generation),
            )
            for wrapper, wrapping in self.wrappings.items()
        ]

    def rotate(self, generation: int) -> tuple[RotateSecret, AccountSecret, bytes]:
        """The body of a rotation to `generation`, the new secret, and the one before sealed."""
        secret = AccountSecret.generate()
        earlier = seal_earlier(secret, self.secrets[generation - 1], self.account, generation - 1)
        body = RotateSecret(generation, secret.signing.public, secret.sealing.public)
        return body, secret, earlier

    def find_secret(self, generation: int, state: ChainState) -> AccountSecret | None:
        """The secret of a generation, None while it is not here or the chain has another one."""
        secret = self.secrets.get(generation)
        if secret is None or secret.signing.public != state.signing_publics.get(generation):
            return None
        return secret

    def drop_refused(self, state: ChainState) -> None:
        """Forget secrets of rotations that did not come through: another device's came first."""
        for generation in list(self.secrets):
            is_decided = generation <= state.generation
            if is_decided and self.find_secret(generation, state) is None:
                del self.secrets[generation]

    def open_vault(self, entries: Iterable[VaultEntry], state: ChainState) -> None:
        """
        Take the secret of the chain's generation from whichever entry opens.

        Raises: NoSecret.
        """
        for entry in entries:
            wrapping = self.wrappings.get(entry.wrapper)
            if wrapping is None or entry.generation != state.generation:
                continue
            secret = vault.unwrap(
                entry.wrapped, wrapping, self.account, entry.wrapper, entry.generation
            )
            if secret.sealing.public == state.sealing_public:
                self.secrets[entry.generation] = secret
                return
        raise NoSecret("no vault entry opens the account's present secret")

    def open_earlier(self, earlier: Iterable[tuple[int, bytes]]) -> None:
        """Walk back from the secrets that are known to those before them."""
        for generation, box in sorted(earlier, reverse=True):
            newer = self.secrets.get(generation + 1)
            if newer is None or generation in self.secrets:
                continue
            try:
                self.secrets[generation] = open_earlier(newer, box, self.account, generation)
            except BadSeal:
                # Erased or damaged: what was sealed to it stays closed, the rest opens.
                return

    async def refresh(self, http: Http, state: ChainState) -> None:
        """
        Catch up with rotations that another device made.

        Raises: NoSecret, ServerFailure, BadAnswer.
        """
        if state.generation not in self.secrets:
            entries = vault_of(await http.get("/api/vault"))
            self.open_vault(entries, state)
        if len(self.secrets) < state.generation:
            answer = await http.get("/api/chain/earlier")
            with reading_answer():
                earlier = [
                    (int(one["generation"]), b64decode(one["wrapped"])) for one in answer["earlier"]
                ]
            self.open_earlier(earlier)


def vault_of(answer: dict[str, Any]) -> list[VaultEntry]:
    """The vault entries of an answer. Raises: BadAnswer, Malformed."""
    with reading_answer():
        return [
            VaultEntry(str(one["wrapper"]), int(one["generation"]), b64decode(one["wrapped"]))
            for one in answer["vault"]
        ]
