"""The key of one epoch: sealed to members, and what is encrypted beside it in a statement."""

import secrets
from typing import Final

from lien.crypto.sealing import SEAL_OVERHEAD_BYTES, SealingKey, seal
from lien.crypto.structure import encode
from lien.crypto.suite import BOX_OVERHEAD_BYTES, KEY_BYTES, BadSeal, decrypt, derive, encrypt
from lien.errors import Malformed
from lien.ids import AccountId, ChannelId

MAX_NAME_BYTES: Final = 256
SEALED_KEY_BYTES: Final = KEY_BYTES + SEAL_OVERHEAD_BYTES
WRAPPED_KEY_BYTES: Final = KEY_BYTES + BOX_OVERHEAD_BYTES
_KEY_LABEL: Final = "lien/v1/conversation-key"
_NAME_LABEL: Final = "lien/v1/name"
_PREVIOUS_LABEL: Final = "lien/v1/previous-key"


def new_key() -> bytes:
    """A fresh conversation key."""
    return secrets.token_bytes(KEY_BYTES)


def seal_key(
    key: bytes,
    channel: ChannelId,
    epoch: int,
    account: AccountId,
    generation: int,
    sealing_public: bytes,
) -> bytes:
    """
    The conversation key for one member.

    Raises: Malformed for a sealing public key that is not one.
    """
    return seal(sealing_public, key, _KEY_LABEL, encode(channel, epoch, account, generation))


def open_sealed_key(
    sealed: bytes,
    channel: ChannelId,
    epoch: int,
    account: AccountId,
    generation: int,
    sealing: SealingKey,
) -> bytes:
    """
    The inverse of `seal_key`.

    Raises: BadSeal.
    """
    aad = encode(channel, epoch, account, generation)
    return _require_key(sealing.open(sealed, _KEY_LABEL, aad))


def seal_name(name: str, key: bytes, channel: ChannelId, epoch: int) -> bytes:
    """
    The conversation's name for its members, nothing for no name.

    Raises: Malformed for a name that is too long.
    """
    if not name:
        return b""
    plaintext = name.encode()
    if len(plaintext) > MAX_NAME_BYTES:
        raise Malformed("a name is too long")
    return encrypt(derive(key, _NAME_LABEL), plaintext, encode(channel, epoch))


def open_sealed_name(box: bytes, key: bytes, channel: ChannelId, epoch: int) -> str:
    """
    The inverse of `seal_name`.

    Raises: BadSeal.
    """
    if not box:
        return ""
    try:
        return decrypt(derive(key, _NAME_LABEL), box, encode(channel, epoch)).decode()
    except UnicodeDecodeError as error:
        raise BadSeal("a name is not text") from error


def wrap_previous(earlier: bytes | None, key: bytes, channel: ChannelId, epoch: int) -> bytes:
    """The key of the epoch before for whoever has this one, nothing when it is not shared."""
    if earlier is None:
        return b""
    return encrypt(derive(key, _PREVIOUS_LABEL), earlier, encode(channel, epoch))


def unwrap_previous(box: bytes, key: bytes, channel: ChannelId, epoch: int) -> bytes | None:
    """
    The inverse of `wrap_previous`.

    Raises: BadSeal.
    """
    if not box:
        return None
    return _require_key(decrypt(derive(key, _PREVIOUS_LABEL), box, encode(channel, epoch)))


def _require_key(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise BadSeal("a conversation key is 32 bytes")
    return key
