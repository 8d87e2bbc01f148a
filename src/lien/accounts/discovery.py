"""
What an identity provider says of itself, and whom it says a person is; without I/O.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from lien.accounts.errors import NotInDirectory, ProviderFailed
from lien.ids import RppsNumber, is_rpps

MAX_PARAMETER_CHARS: Final = 2048
_NATIONAL_ID: Final = re.compile(r"8([0-9]{11})")  # 8: RPPS (ANS MOS, PS_IdNat)


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One provider as the operator registered with it."""

    id: str
    label: str
    discovery_url: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    is_local: bool = False  # the demonstration's: plain http on localhost


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where to go, from a discovery document that was checked."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    keys: str
    uses_basic: bool
    sends_issuer: bool


def read_discovery(document: dict[str, Any], settings: ProviderSettings) -> Endpoints:
    """
    The endpoints of a discovery document (OpenID Connect Discovery, 3 and 4.3).

    Raises: ProviderFailed.
    """
    issuer = require_text(document, "issuer", MAX_PARAMETER_CHARS)
    # OpenID Connect Discovery, 4.3, with Pro Santé Connect's own name for the document.
    if not settings.discovery_url.startswith(issuer + "/.well-known/"):
        refuse("the issuer is not the one of the discovery document's address")
    authorization = _endpoint(document, "authorization_endpoint", settings)
    token, userinfo, keys = (
        _endpoint(document, name, settings)
        for name in ("token_endpoint", "userinfo_endpoint", "jwks_uri")
    )
    # Pro Santé Connect's page is on another host than its issuer; what we call is not.
    if any(_site(url) != _site(issuer) for url in (token, userinfo, keys)):
        refuse("an endpoint is on another host than the issuer")
    # Without the list it is client_secret_basic (Discovery, 3).
    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if not isinstance(methods, list):
        refuse("the ways to authenticate a client cannot be read")
    return Endpoints(
        issuer,
        authorization,
        token,
        userinfo,
        keys,
        uses_basic="client_secret_basic" in methods,
        sends_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )


def rpps_of(userinfo: Mapping[str, object]) -> RppsNumber:
    """
    The RPPS number of a userinfo: its SubjectNameID, else the entry of that origin.

    Raises: NotInDirectory for a person without one, such as a test identity of the EDIT.
    """
    others = userinfo.get("otherIds")
    candidates = [userinfo.get("SubjectNameID")]
    candidates += [
        other.get("identifiant")
        for other in (others if isinstance(others, list) else [])
        if isinstance(other, dict) and other.get("origine") == "RPPS"
    ]
    for candidate in candidates:
        match = _NATIONAL_ID.fullmatch(candidate) if isinstance(candidate, str) else None
        if match and is_rpps(match[1]):
            return RppsNumber(match[1])
    raise NotInDirectory("the provider gave no valid RPPS number")


def require_text(document: dict[str, Any], name: str, longest: int) -> str:
    """
    Return a text of a document that has one of 1 to `longest` characters.

    Raises: ProviderFailed.
    """
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        refuse(f"{name} is missing or too long")
    return value


def refuse(reason: str) -> NoReturn:
    """Raises: ProviderFailed."""
    raise ProviderFailed(reason)


def _endpoint(document: dict[str, Any], name: str, settings: ProviderSettings) -> str:
    url = require_text(document, name, MAX_PARAMETER_CHARS)
    scheme, host, _ = _site(url)
    if not (scheme == "https" or (settings.is_local and (scheme, host) == ("http", "localhost"))):
        refuse("an endpoint is not https")
    if "?" in url or "#" in url:
        refuse("an endpoint has a query")
    return url


def _site(url: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port
    except ValueError as error:
        raise ProviderFailed("an endpoint is not an address") from error
