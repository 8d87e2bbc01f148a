"""
Codes, access tokens and ID tokens: all signed statements, so that any worker can take them.
"""

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from lien.clock import Clock
from lien.ids import b64encode, new_id

CODE_SECONDS: Final = 60
TOKEN_SECONDS: Final = 120  # Pro Santé Connect: two minutes


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorization code stands for."""

    rpps: str
    redirect_uri: str
    challenge: str
    nonce: str
    number: str = field(default_factory=new_id)


class Tickets:
    """Signs and reads with one key."""

    def __init__(self, key: RSAKey, issuer: str, client_id: str, clock: Clock) -> None:
        self._key = key
        self._issuer = issuer
        self._client_id = client_id
        self._clock = clock

    def issue_code(self, code: Code) -> str:
        """A code for one minute. Who uses it up is remembered elsewhere, by its number."""
        return self._sign({"use": "code", **asdict(code)}, CODE_SECONDS)

    def read_code(self, text: str) -> Code | None:
        """The code, None if it is not ours or over."""
        claims = self._read(text, "code")
        if claims is None:
            return None
        return Code(
            claims["rpps"],
            claims["redirect_uri"],
            claims["challenge"],
            claims["nonce"],
            claims["number"],
        )

    def issue_tokens(self, code: Code, subject: str) -> tuple[str, str]:
        """The access token and the ID token."""
        access = self._sign({"use": "access", "rpps": code.rpps}, TOKEN_SECONDS)
        now = self._clock.now_ms() // 1000
        digest = hashlib.sha256(access.encode()).digest()
        claims = {
            "iss": self._issuer,
            "aud": self._client_id,
            "azp": self._client_id,
            "sub": subject,
            "typ": "ID",
            "iat": now,
            "auth_time": now,
            "nonce": code.nonce,
            "acr": "eidas1",
            "at_hash": b64encode(digest[:16]),
            "sid": code.number,
            "preferred_username": f"8{code.rpps}",
        }
        return access, self._sign(claims, TOKEN_SECONDS)

    def issue_logout(self, subject: str, session: str) -> str:
        """OpenID Connect Back-Channel Logout 1.0, 2.4."""
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._client_id,
            "iat": self._clock.now_ms() // 1000,
            "jti": new_id(),
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            "sub": subject,
        }
        return self._sign(claims | ({"sid": session} if session else {}), TOKEN_SECONDS)

    def read_access(self, text: str) -> str | None:
        """The RPPS number an access token is for, None if it is not ours or over."""
        claims = self._read(text, "access")
        return None if claims is None else str(claims["rpps"])

    def _sign(self, claims: dict[str, Any], seconds: int) -> str:
        header = {"alg": "RS256", "kid": self._key.kid}
        expires = self._clock.now_ms() // 1000 + seconds
        return jwt.encode(header, {**claims, "exp": expires}, self._key, ["RS256"])

    def _read(self, text: str, use: str) -> dict[str, Any] | None:
        try:
            claims = jwt.decode(text, self._key, ["RS256"]).claims
        except (JoseError, ValueError, TypeError):
            return None
        if claims.get("use") != use or claims["exp"] <= self._clock.now_ms() // 1000:
            return None
        return claims
