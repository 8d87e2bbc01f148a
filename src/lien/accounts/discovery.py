"""
What an identity provider says of itself, and whom it says a person is; without I/O.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from lien.accounts.errors import NoRpps, ProviderFailed, TestIdentity
from lien.accounts.models import Practice
from lien.crypto.chain import Situation
from lien.ids import RppsNumber, is_rpps

MAX_PARAMETER_CHARS: Final = 2048
MAX_PRACTICES: Final = 32
_NATIONAL_ID: Final = re.compile(r"8?([0-9]{11})")  # 8: RPPS (ANS MOS, PS_IdNat)
_EIDAS: Final = ("eidas1", "eidas2", "eidas3")
_LONGEST_NAME: Final = 128
_LONGEST_CODE: Final = 32


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
    scope: str = "openid scope_all"
    # The levels accepted, of which the first is asked for; none: the provider has no such word.
    levels: tuple[str, ...] = _EIDAS
    # Where the userinfo has the RPPS number; empty: as Pro Santé Connect writes it.
    rpps_claim: str = ""
    takes_test_identities: bool = False


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


def rpps_of(userinfo: Mapping[str, object], settings: ProviderSettings) -> RppsNumber:
    """
    The RPPS number of a userinfo: where the operator said it is, or as Pro Santé Connect does.

    Raises: NoRpps, TestIdentity.
    """
    if settings.rpps_claim:
        found = _number_of(userinfo.get(settings.rpps_claim))
        if found is None:
            raise NoRpps("the provider gave no valid RPPS number")
        return found
    others = userinfo.get("otherIds")
    listed = [other for other in (others if isinstance(others, list) else []) if _is_other(other)]
    by_origin = {
        origin: [other["identifiant"] for other in listed if other["origine"] == origin]
        for origin in ("RPPS", "EDIT")
    }
    name = userinfo.get("SubjectNameID")
    # Real people have an entry of that origin; only the EDIT's have no other.
    is_unreal = bool(by_origin["EDIT"]) or (isinstance(name, str) and name.startswith("ANS"))
    is_test = is_unreal and not by_origin["RPPS"]
    if is_test and not settings.takes_test_identities:
        raise TestIdentity("an identity of the national test deployment")
    for candidate in [name, *by_origin["RPPS"], *(by_origin["EDIT"] if is_test else ())]:
        found = _number_of(candidate, is_national=True)
        if found is not None:
            return found
    raise NoRpps("the provider gave no valid RPPS number")


def practices_of(userinfo: Mapping[str, object]) -> tuple[Practice, ...]:
    """
    The professions and places of a userinfo (`SubjectRefPro`), each once.

    What cannot be read is passed over: the person chooses among what is left. The commune is a
    code there; its name is the directory's to say.
    """
    reference = userinfo.get("SubjectRefPro")
    exercises = _objects(reference.get("exercices") if isinstance(reference, dict) else None)
    found: dict[Practice, None] = {}
    for exercise in exercises:
        code = _text_of(exercise, "codeProfession", _LONGEST_CODE)
        category = _text_of(exercise, "codeCategorieProfessionnelle", 1)
        if not code:
            continue
        places: list[Situation | None] = [
            Situation(
                _text_of(activity, "raisonSocialeSite", _LONGEST_NAME),
                "",
                _text_of(activity, "codePostal", _LONGEST_CODE),
                _text_of(activity, "codeModeExercice", 1),
            )
            for activity in _objects(exercise.get("activities"))
        ]
        for place in places or [None]:
            found[Practice(code, category, place)] = None
    return tuple(found)[:MAX_PRACTICES]


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


def _number_of(value: object, *, is_national: bool = False) -> RppsNumber | None:
    match = _NATIONAL_ID.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    if match is None or (is_national and len(match[0]) == len(match[1])):
        return None
    return RppsNumber(match[1]) if is_rpps(match[1]) else None


def _is_other(value: object) -> bool:
    return isinstance(value, dict) and {"identifiant", "origine"} <= value.keys()


def _objects(value: object) -> list[dict[str, Any]]:
    listed = value if isinstance(value, list) else []
    return [one for one in listed[:MAX_PRACTICES] if isinstance(one, dict)]


def _text_of(document: Mapping[str, object], name: str, longest: int) -> str:
    value = document.get(name)
    text = value.strip() if isinstance(value, str) else ""
    return text if text.isprintable() and len(text) <= longest else ""


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
