"""The directory over HTTP: search the territory, look one professional up, hide from search."""

import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import Accounts, Guests, TooManyAttempts
from lien.directory import Directory, Page, Professional, Searcher, require_rpps
from lien.errors import NotFound
from lien.ids import AccountId, RppsNumber
from lien.web.authentication import Authentication
from lien.web.guests import guest_json
from lien.web.payload import query_text, read_json, record, truth

_MAX_QUERY: Final = 100
_MAX_MARK: Final = 128
# A search per pause in typing, 30 a minute; then one each 2 s. Nobody reads people faster.
_SEARCHES: Final = (30, 0.5)
_LOOK_UPS: Final = (60, 1.0)
# People shown, 2,000 at once, then as many a day: enough to look for colleagues all day long, and
# the 30,000 of a territory take two weeks of somebody who is visible.
_RESULTS: Final = (2_000, 2_000 / 86_400)
_DIGITS: Final = re.compile(r"[0-9]{11}")
_BLANKS: Final = re.compile(r"[\s.]+")


@dataclass(frozen=True, slots=True)
class _Visibility:
    hidden: bool


_VISIBILITY: Final = record(_Visibility, hidden=truth)


class Limits(Protocol):
    """Token buckets: 0 when granted, else milliseconds to wait."""

    def take(
        self, name: str, capacity: int, per_second: float, count: int = 1
    ) -> Awaitable[int]: ...


def routes(
    authentication: Authentication,
    directory: Directory,
    accounts: Accounts,
    guests: Guests,
    limits: Limits,
) -> list[Route]:
    """`/api/directory`. Everyone listed is public by law, yet only for who signed in here."""
    shown = _Shown(directory, accounts)

    async def search(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        query = query_text(request, "q", most=_MAX_QUERY) or ""
        after = query_text(request, "after", most=_MAX_MARK)
        await _require_room(limits, f"directory-search:{caller.account}", *_SEARCHES)
        number = _BLANKS.sub("", query)
        if _DIGITS.fullmatch(number):
            page, called = await shown.find_page(RppsNumber(number)), []
        else:
            page = await directory.search(
                query, after, searcher=await shown.searcher_of(caller.account)
            )
            called = [] if after else await guests.search(query)
        count = len(page.professionals) + len(called)
        if count:
            await _require_room(limits, f"directory-results:{caller.account}", *_RESULTS, count)
        return JSONResponse(
            {
                "professionals": await _with_accounts(accounts, page.professionals),
                "guests": [guest_json(guest) for guest in called],
                "next": page.next,
                "extract_date": page.extract_date,
            }
        )

    async def get(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        rpps = require_rpps(request.path_params["rpps"])
        await _require_room(limits, f"directory-get:{caller.account}", *_LOOK_UPS)
        professional, account = await shown.find(rpps)
        if professional is None:
            raise NotFound("nobody with this number is listed")
        return JSONResponse(professional_json(professional, account))

    return [
        Route("/api/directory", search, methods=["GET"]),
        *_visibility_routes(authentication, directory, accounts, guests),
        Route("/api/directory/{rpps}", get, methods=["GET"]),
    ]


def _visibility_routes(
    authentication: Authentication, directory: Directory, accounts: Accounts, guests: Guests
) -> list[Route]:
    async def show_visibility(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        own = await accounts.get_account(caller.account)
        if own.rpps is None:
            return JSONResponse({"hidden": await guests.is_hidden(caller.account)})
        return JSONResponse({"hidden": await directory.is_hidden(own.rpps)})

    async def put_visibility(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        wish = await read_json(request, _VISIBILITY)
        own = await accounts.get_account(caller.account)
        if own.rpps is None:
            await guests.set_hidden(caller.account, hidden=wish.hidden)
        else:
            await directory.set_hidden(own.rpps, hidden=wish.hidden)
        return JSONResponse({})

    return [
        Route("/api/directory/visibility", show_visibility, methods=["GET"]),
        Route("/api/directory/visibility", put_visibility, methods=["PUT"]),
    ]


@dataclass(frozen=True, slots=True)
class _Shown:
    """Whom a caller may see."""

    directory: Directory
    accounts: Accounts

    async def find(self, rpps: RppsNumber) -> tuple[Professional | None, AccountId | None]:
        professional = await self.directory.find(rpps)
        account = await self.accounts.find_account(rpps)
        # Someone from elsewhere is shown once they have joined, as others write with them.
        if professional is None or not (professional.is_listed or account):
            return None, None
        return professional, account

    async def find_page(self, rpps: RppsNumber) -> Page:
        """A search for the whole number of somebody."""
        professional, _ = await self.find(rpps)
        found = (professional,) if professional else ()
        return Page(found, None, await self.directory.extract_date())

    async def searcher_of(self, account: AccountId) -> Searcher:
        try:
            own = await self.accounts.find_professional(account)
        except NotFound:  # closed a moment ago
            own = None
        return Searcher.of(own, self.accounts.find_accounts)


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


async def _require_room(
    limits: Limits, name: str, capacity: int, per_second: float, count: int = 1
) -> None:
    retry_after_ms = await limits.take(name, capacity, per_second, count)
    if retry_after_ms:
        raise TooManyAttempts("too many directory requests", retry_after_ms=retry_after_ms)
