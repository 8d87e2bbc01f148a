"""
A passkey in software: answers WebAuthn requests as a platform authenticator would.

For bots, load tests and the test suite; its keys live in memory and die with the process. It
verifies nobody, so it is no second factor: a person uses the browser's.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from lien.crypto.authenticator import AuthenticatorKey
from lien.errors import NotFound
from lien.ids import PasskeyId, b64decode, b64encode

# Authenticator data flags (Web Authentication Level 3, 6.1).
USER_PRESENT: Final = 0x01
USER_VERIFIED: Final = 0x04
BACKUP_ELIGIBLE: Final = 0x08
BACKED_UP: Final = 0x10
ATTESTED: Final = 0x40

_AAGUID: Final = bytes(16)


@dataclass(slots=True)
class _Resident:
    """One resident credential."""

    passkey: bytes
    rp_id: str
    user_handle: str
    key: AuthenticatorKey = field(default_factory=AuthenticatorKey)
    prf_secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    count: int = 0


class SoftwareAuthenticator:
    """
    Resident credentials of any number of sites.

    With `counts` the signature counter grows as on a security key; without, it stays 0 as on a
    synced passkey.
    """

    def __init__(self, *, is_synced: bool = False, counts: bool = False) -> None:
        self._residents: list[_Resident] = []
        self._counts = counts
        self._flags = USER_PRESENT | USER_VERIFIED
        if is_synced:
            self._flags |= BACKUP_ELIGIBLE | BACKED_UP

    def create(self, options: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """Answer creation options: what `PublicKeyCredential.toJSON()` gives, without PRF."""
        resident = _Resident(
            passkey=secrets.token_bytes(32),
            rp_id=options["rp"]["id"],
            user_handle=options["user"]["id"],
        )
        self._residents.append(resident)
        authenticator_data = encode_authenticator_data(
            resident.rp_id,
            self._flags | ATTESTED,
            self._next_count(resident),
            attested=encode_attested(resident.passkey, resident.key.cose_public),
        )
        return self._answer(
            resident,
            {
                "clientDataJSON": b64encode(
                    encode_client_data("webauthn.create", options["challenge"], origin)
                ),
                "attestationObject": b64encode(encode_attestation(authenticator_data)),
                "transports": ["internal"],
            },
        )

    def get(self, options: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """
        Answer request options with the newest credential of that site.

        Raises: NotFound when there is none.
        """
        resident = self._find(options["rpId"])
        client_data = encode_client_data("webauthn.get", options["challenge"], origin)
        authenticator_data = encode_authenticator_data(
            resident.rp_id, self._flags, self._next_count(resident)
        )
        signature = resident.key.sign(authenticator_data + sha256(client_data).digest())
        return self._answer(
            resident,
            {
                "clientDataJSON": b64encode(client_data),
                "authenticatorData": b64encode(authenticator_data),
                "signature": b64encode(signature),
                "userHandle": resident.user_handle,
            },
        )

    def prf(self, passkey: PasskeyId, salt: bytes) -> bytes:
        """
        The PRF output of one credential for a salt: 32 bytes, the same every time.

        Raises: NotFound.
        """
        for resident in self._residents:
            if resident.passkey == b64decode(passkey):
                # The browser hashes the salt with this prefix (Level 3, 10.1.4).
                hashed = sha256(b"WebAuthn PRF\0" + salt).digest()
                return hmac.digest(resident.prf_secret, hashed, "sha256")
        raise NotFound("no such passkey here")

    def _find(self, rp_id: str) -> _Resident:
        for resident in reversed(self._residents):
            if resident.rp_id == rp_id:
                return resident
        raise NotFound("no passkey of this site here")

    def _next_count(self, resident: _Resident) -> int:
        resident.count += self._counts
        return resident.count

    def _answer(self, resident: _Resident, response: dict[str, Any]) -> dict[str, Any]:
        passkey = b64encode(resident.passkey)
        return {
            "id": passkey,
            "rawId": passkey,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }


def encode_client_data(kind: str, challenge: str, origin: str) -> bytes:
    """What the browser signs with: the ceremony, its challenge and the page's origin."""
    data = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
    return json.dumps(data, separators=(",", ":")).encode()


def encode_authenticator_data(rp_id: str, flags: int, count: int, attested: bytes = b"") -> bytes:
    """rpIdHash ‖ flags ‖ counter ‖ attested credential data (Level 3, 6.1)."""
    return sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big") + attested


def encode_attested(passkey: bytes, cose_public: bytes) -> bytes:
    """AAGUID ‖ length ‖ credential id ‖ public key (Level 3, 6.5.1)."""
    return _AAGUID + len(passkey).to_bytes(2, "big") + passkey + cose_public


def encode_attestation(authenticator_data: bytes) -> bytes:
    """The CBOR map of an attestation object of format `none`."""
    return (
        bytes.fromhex("a363666d74646e6f6e656761747453746d74a0686175746844617461")
        + b"\x59"
        + len(authenticator_data).to_bytes(2, "big")
        + authenticator_data
    )
