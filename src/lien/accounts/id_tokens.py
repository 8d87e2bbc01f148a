"""
ID tokens of an identity provider: its keys, and what a token must say; without I/O.

The only file of the relying party that imports joserfc. Only RS256 is accepted, whatever a token
or a key says of itself. Any failure is `ProviderFailed`.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, cast

from joserfc import jwk, jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from lien.accounts.errors import ProviderFailed
from lien.ids import b64encode

CLOCK_SKEW_SECONDS: Final = 60
MAX_AGE_SECONDS: Final = 10 * 60
_MAX_KEYS: Final = 32
_KEY_PARTS: Final = ("kty", "kid", "n", "e")
_MIN_KEY_BITS: Final = 2048  # RFC 7518, 3.3
_LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_MAX_AGE_SECONDS: Final = 2 * 60
_MAX_NAME_CHARS: Final = 255


class UnknownKey(ProviderFailed):
    """Signed by a key that was not published when we last looked: look again, once."""


class ProviderKeys:
    """The RSA signing keys of a provider (RFC 7517)."""

    def __init__(self, keys: list[jwk.RSAKey]) -> None:
        self._keys = jwk.KeySet(list(keys))

    @classmethod
    def parse(cls, document: Mapping[str, object]) -> "ProviderKeys":
        """
        Read a JWKS; keys of other kinds and uses, or too short, are passed over (RFC 7517, 5).

        Raises: ProviderFailed.
        """
        listed = document.get("keys")
        if not isinstance(listed, list) or len(listed) > _MAX_KEYS:
            _fail("the provider's keys cannot be read")
        keys: list[jwk.RSAKey] = []
        for entry in listed:
            if not isinstance(entry, dict) or entry.get("kty") != "RSA":
                continue
            if entry.get("use", "sig") != "sig" or not isinstance(entry.get("kid"), str):
                continue
            try:
                key = jwk.RSAKey.import_key({name: entry[name] for name in _KEY_PARTS})
                is_long = key.public_key.key_size >= _MIN_KEY_BITS
            # Numbers that are no key fail in joserfc, in cryptography or here.
            except (JoseError, ValueError, KeyError, TypeError):
                continue
            if is_long:
                keys.append(key)
        if not keys:
            _fail("the provider has no RSA signing key")
        return cls(keys)

    def verify(self, id_token: str) -> dict[str, Any]:
        """
        Return the claims of a token signed by one of these keys.

        Raises: UnknownKey, ProviderFailed.
        """
        try:
            return jwt.decode(id_token, self._keys, algorithms=["RS256"]).claims
        except InvalidKeyIdError as error:
            raise UnknownKey("the ID token is signed by an unknown key") from error
        # joserfc raises plain ValueError, TypeError or RecursionError on some malformed tokens.
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise ProviderFailed("the ID token's signature was not accepted") from error


def require_claims(
    claims: dict[str, Any],
    *,
    expected_issuer: str,
    expected_client: str,
    expected_nonce: str,
    expected_levels: tuple[str, ...],
    access_token: str,
    now_ms: int,
) -> str:
    """
    Return the subject of verified claims that are for us, for this sign-in, and recent.

    OpenID Connect Core, 3.1.3.7 and 3.1.3.8.

    Raises: ProviderFailed.
    """
    now = now_ms // 1000
    registry = jwt.JWTClaimsRegistry(
        now=now,
        leeway=CLOCK_SKEW_SECONDS,
        iss={"essential": True, "value": expected_issuer},
        aud={"essential": True, "value": expected_client},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": expected_nonce},
    )
    # eidas1 is asked for; a card or e-CPS may answer with a higher level.
    if expected_levels and claims.get("acr") not in expected_levels:
        _fail("the person was not identified at the level that was asked for")
    try:
        registry.validate(claims)
    except JoseError as error:
        raise ProviderFailed("a claim of the ID token was not accepted") from error
    if now - claims["iat"] > MAX_AGE_SECONDS + CLOCK_SKEW_SECONDS:
        _fail("the ID token is old")
    # Stricter than the standard on purpose: no other audience beside us.
    if claims["aud"] not in (expected_client, [expected_client]):
        _fail("the ID token is for somebody else as well")
    if claims.get("azp", expected_client) != expected_client:
        _fail("the ID token was issued to somebody else")
    # The registry lets a list pass that holds the value.
    if not isinstance(claims["nonce"], str):
        _fail("a claim of the ID token has a wrong type")
    digest = b64encode(hashlib.sha256(access_token.encode()).digest()[:16])
    said = claims.get("at_hash", digest)
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), digest.encode()):
        _fail("the access token is not the ID token's")
    return cast(str, claims["sub"])


def session_of(claims: Mapping[str, object]) -> str:
    """The provider's own name of its session, empty where it has none."""
    sid = claims.get("sid")
    return sid if isinstance(sid, str) and len(sid) <= _MAX_NAME_CHARS else ""


@dataclass(frozen=True, slots=True)
class LogoutClaims:
    """Whose sessions a provider ended: one of its own, or all of a person. One is not empty."""

    subject: str = field(repr=False)
    session: str = field(repr=False)
    number: str = field(repr=False)  # `jti`


def require_logout(
    claims: dict[str, Any], *, expected_issuer: str, expected_client: str, now_ms: int
) -> LogoutClaims:
    """
    Return what a verified logout token says (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6).

    Raises: ProviderFailed.
    """
    now = now_ms // 1000
    registry = jwt.JWTClaimsRegistry(
        now=now,
        leeway=CLOCK_SKEW_SECONDS,
        iss={"essential": True, "value": expected_issuer},
        aud={"essential": True, "value": expected_client},
        iat={"essential": True},
        jti={"essential": True},
        events={"essential": True},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise ProviderFailed("a claim of the logout token was not accepted") from error
    # An ID token, which has a nonce and no events, must never pass for one.
    if "nonce" in claims:
        _fail("a logout token has no nonce")
    events, number = claims["events"], claims["jti"]
    if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT_EVENT), dict):
        _fail("the token is not about the end of a session")
    if claims["aud"] not in (expected_client, [expected_client]):
        _fail("the logout token is for somebody else as well")
    if now - claims["iat"] > LOGOUT_MAX_AGE_SECONDS + CLOCK_SKEW_SECONDS:
        _fail("the logout token is old")
    if not isinstance(number, str) or not 0 < len(number) <= _MAX_NAME_CHARS:
        _fail("the logout token has no number")
    subject, session = claims.get("sub", ""), claims.get("sid", "")
    for name in (subject, session):
        if not isinstance(name, str) or len(name) > _MAX_NAME_CHARS:
            _fail("the logout token names nobody that can be read")
    if not subject and not session:
        _fail("the logout token names nobody")
    return LogoutClaims(subject, session, number)


def _fail(reason: str) -> NoReturn:
    raise ProviderFailed(reason)
