"""What two people compare to know that they talk to each other, docs/keys.md "Safety code"."""

from typing import Final

from lien.crypto.suite import derive, hash32
from lien.ids import AccountId, b64encode

FINGERPRINT_BYTES: Final = 30
_GROUP_BYTES: Final = 5
_QR_PREFIX: Final = "LIEN-V1"


def fingerprint(account: AccountId, first_link: bytes) -> bytes:
    """Stands for a whole chain: every later link is signed by keys that lead back to the first."""
    context = account.encode("ascii")
    return derive(hash32(first_link), "lien/v1/safety", context, FINGERPRINT_BYTES)


def safety_code(mine: tuple[AccountId, bytes], theirs: tuple[AccountId, bytes]) -> list[str]:
    """Twelve groups of five digits, the same on both sides."""
    halves = (value for _, value in sorted((mine, theirs)))
    return [
        f"{int.from_bytes(half[at : at + _GROUP_BYTES]) % 100_000:05}"
        for half in halves
        for at in range(0, FINGERPRINT_BYTES, _GROUP_BYTES)
    ]


def safety_qr(mine: tuple[AccountId, bytes], theirs: tuple[AccountId, bytes]) -> str:
    """What one screen shows the other's camera: who shows it, and both as seen from there."""
    return ":".join((_QR_PREFIX, mine[0], b64encode(mine[1]), b64encode(theirs[1])))
