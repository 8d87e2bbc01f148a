"""
The ES256 key of a software authenticator, for `lien.client` and the tests.

Here because nothing outside this package imports a cryptographic library. Not used by the server.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


class AuthenticatorKey:
    """A P-256 key pair whose private half stays inside."""

    __slots__ = ("_key",)

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, message: bytes) -> bytes:
        """An ECDSA signature with SHA-256, in DER: what an authenticator answers."""
        return self._key.sign(message, ec.ECDSA(hashes.SHA256()))

    @property
    def cose_public(self) -> bytes:
        """The COSE_Key of RFC 9053, 7.1: EC2, ES256, P-256, x, y; 77 bytes of CBOR."""
        numbers = self._key.public_key().public_numbers()
        return (
            bytes.fromhex("a5010203262001215820")
            + numbers.x.to_bytes(32, "big")
            + bytes.fromhex("225820")
            + numbers.y.to_bytes(32, "big")
        )

    def __repr__(self) -> str:
        return "<AuthenticatorKey>"

    def __reduce__(self) -> str:
        raise TypeError("an authenticator key is not pickled")
