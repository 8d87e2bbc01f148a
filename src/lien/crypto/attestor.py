"""
The deployment's attestor: one key after the other, each made known by the one before.

    bytes     = msgpack([1, number, old public key, new public key, at_ms])
    signature = sign(old key, "lien/v1/attestor", bytes) ‖ sign(new key, "lien/v1/attestor", bytes)

The old key says who follows, the new one whom it follows: whoever trusts either knows both. In
a chain, once a newer key has signed, an older one signs nothing any more (`lien.crypto.chain`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from lien.crypto.signing import PUBLIC_BYTES, BadSignature, SigningKey, require_public, verify
from lien.crypto.structure import Fields, encode, reading
from lien.crypto.suite import BadSeal
from lien.errors import Malformed

MAX_ROTATIONS: Final = 64
MAX_BYTES: Final = 256
_LABEL: Final = "lien/v1/attestor"
_SIGNATURES: Final = 128

T = TypeVar("T")


class BadSuccession(Malformed):
    """The attestor keys do not follow one from the other, or not from the one that was known."""

    code = "bad_succession"


@dataclass(frozen=True, slots=True)
class Succession:
    """One signed step from a key to the next."""

    data: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attestors:
    """Every key there was, oldest first; the last one signs."""

    publics: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, public: bytes) -> "Attestors":
        """A deployment that never changed its key."""
        return cls((public,))

    @property
    def current(self) -> bytes:
        return self.publics[-1]

    def open(self, opening: Callable[[bytes], T]) -> T:
        """
        What one of these keys signed, the current one tried first.

        Raises: what `opening` raises for a key that did not sign: BadSeal.
        """
        for public in reversed(self.publics[1:]):
            try:
                return opening(public)
            except BadSeal:
                continue
        return opening(self.publics[0])

    def follow(self, steps: Iterable[Succession]) -> "Attestors":
        """
        These keys and those that follow.

        Raises: BadSuccession.
        """
        publics = list(self.publics)
        for step in steps:
            number, old, new = _read(step)
            if number != len(publics) or old != publics[-1] or new in publics:
                raise BadSuccession("an attestor key does not follow the one before")
            publics.append(new)
        return Attestors(tuple(publics))

    def continued_by(self, shown: "Attestors") -> "Attestors":
        """
        These keys and those that a deployment shows behind the last of them.

        Raises: BadSuccession when it is not among what is shown.
        """
        if self.publics[-1] not in shown.publics:
            raise BadSuccession("the attestor is not the one that was known")
        place = shown.publics.index(self.publics[-1])
        return Attestors((*self.publics, *shown.publics[place + 1 :]))

    def require_known(self, known: "Attestors") -> "Attestors":
        """
        Return these keys if they begin with those that were known.

        Raises: BadSuccession.
        """
        if self.publics[: len(known.publics)] != known.publics:
            raise BadSuccession("the attestor is not the one that was known")
        return self


NO_ATTESTORS: Final = Attestors(())  # of a chain in which nobody was verified


@dataclass(frozen=True, slots=True)
class AttestorKey:
    """What signs now, and how everybody may know that it is the one to sign."""

    key: SigningKey = field(repr=False)
    attestors: Attestors
    steps: tuple[Succession, ...] = ()

    @classmethod
    def first(cls, key: SigningKey) -> "AttestorKey":
        return cls(key, Attestors.of(key.public))

    @property
    def public(self) -> bytes:
        return self.key.public

    def rotated(self, new: SigningKey, at_ms: int) -> "AttestorKey":
        """
        A new key in the place of this one.

        Raises: BadSuccession after too many.
        """
        if len(self.steps) >= MAX_ROTATIONS:
            raise BadSuccession("too many attestor keys")
        step = succeed(self.attestors, self.key, new, at_ms)
        return AttestorKey(new, self.attestors.follow([step]), (*self.steps, step))


def first_of(steps: list[Succession], current: bytes) -> Attestors:
    """
    The keys of a deployment that says its current one and every step that led to it.

    Raises: BadSuccession.
    """
    if len(steps) > MAX_ROTATIONS:
        raise BadSuccession("too many attestor keys")
    found = Attestors.of(_read(steps[0])[1] if steps else current).follow(steps)
    if found.current != current:
        raise BadSuccession("the attestor is not the last of its succession")
    return found


def succeed(attestors: Attestors, old: SigningKey, new: SigningKey, at_ms: int) -> Succession:
    """The step from the current key to a new one."""
    data = encode(len(attestors.publics), old.public, new.public, at_ms)
    return Succession(data, old.sign(_LABEL, data) + new.sign(_LABEL, data))


def _read(step: Succession) -> tuple[int, bytes, bytes]:
    with reading(BadSuccession):
        fields = Fields.decode(step.data, 5, MAX_BYTES)
        number = fields.integer(1, MAX_ROTATIONS)
        old, new = (require_public(fields.blob(PUBLIC_BYTES)) for _ in range(2))
        fields.integer()
    if len(step.signature) != _SIGNATURES:
        raise BadSuccession("a step has two signatures")
    try:
        verify(old, _LABEL, step.data, step.signature[:64])
        verify(new, _LABEL, step.data, step.signature[64:])
    except BadSignature as error:
        raise BadSuccession("a step's signature is wrong") from error
    return number, old, new
