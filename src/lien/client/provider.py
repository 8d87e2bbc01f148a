"""Sign in with the mock provider as its page would: follow the redirects, post its form."""

from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from lien.client.errors import BadAnswer, ServerFailure
from lien.client.http import Http
from lien.ids import RppsNumber

PROVIDER: Final = "mock"
_MAX_REDIRECTS: Final = 8


async def sign_in_with_mock(http: Http, rpps: RppsNumber) -> None:
    """
    Come back with a flow cookie for this professional.

    Raises: ServerFailure with the code the page would show, BadAnswer.
    """
    address, page = await _follow(http, f"/auth/{PROVIDER}/start")
    form = _Form()
    form.feed(page)
    if form.action is None:
        raise BadAnswer("the provider shows no form")
    body = urlencode({**form.fields, "rpps": rpps}).encode()
    target = urljoin(address, form.action)
    response = await http.request("POST", target, body, "application/x-www-form-urlencoded")
    if not response.has_redirect_location:
        raise ServerFailure("provider_failed")
    await _follow(http, urljoin(target, response.headers["location"]))


async def _follow(http: Http, address: str) -> tuple[str, str]:
    """Where the redirects end, and what is shown there."""
    for _ in range(_MAX_REDIRECTS):
        parts = urlsplit(address)
        if parts.path == "/":
            # Home again: the page itself is not needed, only what it is told.
            code = parse_qs(parts.query).get("error")
            if code:
                raise ServerFailure(code[0])
            return address, ""
        response = await http.request("GET", address)
        if not response.has_redirect_location:
            if not response.is_success:
                raise BadAnswer(f"status {response.status_code} while signing in")
            return address, response.text
        address = urljoin(address, response.headers["location"])
    raise BadAnswer("redirected too often")


class _Form(HTMLParser):
    """The last form of a page that is posted: its address and hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self._is_inside = (values.get("method") or "").lower() == "post"
            if self._is_inside:
                self.action, self.fields = values.get("action") or "", {}
        elif tag == "input" and self._is_inside and values.get("type") == "hidden":
            self.fields[values.get("name") or ""] = values.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
