"""The directory over HTTP: search the territory, look one professional up."""

from collections.abc import Awaitable, Sequence
from typing import Any, Final, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import Accounts, TooManyAttempts
from lien.directory import Directory, Professional, require_rpps
from lien.errors import NotFound
from lien.ids import AccountId
from lien.web.authentication import Authentication
from lien.web.payload import query_text

_MAX_QUERY: Final = 100
_MAX_MARK: Final = 80
# A search per pause in typing, 30 a minute; then one each 2 s. Nobody reads people faster.
_SEARCHES: Final = (30, 0.5)
_LOOK_UPS: Final = (60, 1.0)


class Limits(Protocol):
    """Token buckets: 0 when granted, else milliseconds to wait."""

    def take(self, name: str, capacity: int, per_second: float) -> Awaitable[int]: ...


def routes(
    authentication: Authentication, directory: Directory, accounts: Accounts, limits: Limits
) -> list[Route]:
    """`/api/directory`. Everyone listed is public by law, yet only for who signed in here."""

    async def search(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        query = query_text(request, "q", most=_MAX_QUERY) or ""
        after = query_text(request, "after", most=_MAX_MARK)
        await _require_room(limits, f"directory-search:{caller.account}", *_SEARCHES)
        page = await directory.search(query, after)
        return JSONResponse(
            {
                "professionals": await _with_accounts(accounts, page.professionals),
                "next": page.next,
                "extract_date": page.extract_date,
            }
        )

    async def get(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        rpps = require_rpps(request.path_params["rpps"])
        await _require_room(limits, f"directory-get:{caller.account}", *_LOOK_UPS)
        professional = await directory.find(rpps)
        account = await accounts.find_account(rpps)
        # Someone from elsewhere is shown once they have joined, as others write with them.
        if professional is None or not (professional.is_listed or account):
            raise NotFound("nobody with this number is listed")
        return JSONResponse(professional_json(professional, account))

    return [
        Route("/api/directory", search, methods=["GET"]),
        Route("/api/directory/{rpps}", get, methods=["GET"]),
    ]


def professional_json(professional: Professional, account: AccountId | None) -> dict[str, Any]:
    """A `Professional` of docs/protocol.md."""
    return {
        "rpps": professional.rpps,
        "family_name": professional.family_name,
        "given_name": professional.given_name,
        "civility": professional.civility,
        "profession_code": professional.profession_code,
        "profession": professional.profession,
        "specialities": professional.specialities,
        "category": professional.category,
        "activities": [
            {
                "structure": activity.structure,
                "commune": activity.commune,
                "postcode": activity.postcode,
                "mode": activity.mode,
            }
            for activity in professional.activities
        ],
        "account": account,
    }


async def _with_accounts(
    accounts: Accounts, professionals: Sequence[Professional]
) -> list[dict[str, Any]]:
    known = await accounts.find_accounts([professional.rpps for professional in professionals])
    return [
        professional_json(professional, known.get(professional.rpps))
        for professional in professionals
    ]


async def _require_room(limits: Limits, name: str, capacity: int, per_second: float) -> None:
    retry_after_ms = await limits.take(name, capacity, per_second)
    if retry_after_ms:
        raise TooManyAttempts("too many directory requests", retry_after_ms=retry_after_ms)
