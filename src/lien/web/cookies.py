"""
Our three cookies. `__Host-`: this host only, https only, the whole site, set by nobody else.

The session and the flow are `SameSite=Strict`: no other site's link, form or frame sends them.
A browser *stores* a Strict cookie from the answer to a top-level navigation that another site
began (RFC 6265bis, 5.7), does not send it along the redirect that follows, and sends it with
the page's own requests, which is all that is needed. The state must come along when the
provider sends the browser back, and is `Lax` for that.
"""

from typing import Final, Literal

from starlette.responses import Response

from lien.web.authentication import FLOW_COOKIE, SESSION_COOKIE

STATE_COOKIE: Final = "__Host-lien-state"


def set_session(response: Response, token: str, seconds: int) -> None:
    """The session, as long as it may last."""
    _set(response, SESSION_COOKIE, token, seconds, "strict")


def set_flow(response: Response, token: str, seconds: int) -> None:
    """The ten minutes to enrol or re-enter."""
    _set(response, FLOW_COOKIE, token, seconds, "strict")


def set_state(response: Response, token: str, seconds: int) -> None:
    """What the browser must come back with from the provider."""
    _set(response, STATE_COOKIE, token, seconds, "lax")


def clear(response: Response, name: str) -> None:
    """Remove a cookie; the attributes must be those it was set with."""
    _set(response, name, "", 0, "strict")


def _set(
    response: Response, name: str, value: str, seconds: int, same_site: Literal["strict", "lax"]
) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite=same_site
    )
