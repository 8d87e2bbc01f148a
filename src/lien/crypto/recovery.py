"""
The recovery code: 128 random bits, as a person writes them down and types them again.

28 characters of Crockford's base 32 hold 128 bits of the code and 12 of a check, which tells a
slip of the pen from a wrong code. The server never sees it.
"""

import secrets
from typing import Final

from lien.crypto.suite import hash32
from lien.errors import Malformed

CODE_BYTES: Final = 16
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ: Final = {one: place for place, one in enumerate(_ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_CHARACTERS: Final = 28
_GROUP: Final = 4
_CHECK_BITS: Final = 12
_LABEL: Final = b"lien/v1/recovery-code\0"


class BadRecoveryCode(Malformed):
    """Not a recovery code: a character is wrong, missing, or there is one more."""

    code = "bad_recovery_code"


def new_recovery_code() -> bytes:
    """The wrapping secret of the vault's `recovery` entry."""
    return secrets.token_bytes(CODE_BYTES)


def format_recovery_code(code: bytes) -> str:
    """Seven groups of four characters."""
    number = int.from_bytes(code) << _CHECK_BITS | _check_of(code)
    text = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_CHARACTERS - 1, -1, -1))
    return "-".join(text[at : at + _GROUP] for at in range(0, _CHARACTERS, _GROUP))


def parse_recovery_code(text: str) -> bytes:
    """
    The inverse, for however it was typed: small letters, spaces, hyphens, O for 0, I and L for 1.

    Raises: BadRecoveryCode.
    """
    typed = [one for one in text.upper() if one not in " -\u00a0\u2010\u2011\u2013\n\t"]
    if len(typed) != _CHARACTERS or any(one not in _READ for one in typed):
        raise BadRecoveryCode("a recovery code is 28 letters and digits")
    number = 0
    for one in typed:
        number = number << 5 | _READ[one]
    high, check = divmod(number, 1 << _CHECK_BITS)
    if high >> 8 * CODE_BYTES:
        raise BadRecoveryCode("a recovery code does not begin so")
    code = high.to_bytes(CODE_BYTES)
    if check != _check_of(code):
        raise BadRecoveryCode("a character of the recovery code is wrong")
    return code


def _check_of(code: bytes) -> int:
    return int.from_bytes(hash32(_LABEL + code)[:2]) >> 16 - _CHECK_BITS
