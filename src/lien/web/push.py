"""Push over HTTP: the key to subscribe with, the own subscription, a test, who can be reached."""

from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.conversations import Conversations
from lien.crypto.webpush import AUTH_BYTES, PUBLIC_BYTES, PushKeys
from lien.ids import ChannelId, b64encode
from lien.push import Preferences, Pushes, Subscription
from lien.push.rules import DAY_MINUTES, MAX_ENDPOINT_CHARS, MAX_MUTED
from lien.web import payload, shapes
from lien.web.authentication import Authentication
from lien.web.operation import signed
from lien.web.shapes import listing, number, obj, text


@dataclass(frozen=True, slots=True)
class _NewSubscription:
    endpoint: str = field(repr=False)
    public: bytes = field(repr=False)
    auth: bytes = field(repr=False)
    muted: list[ChannelId] = field(repr=False)
    quiet_from: int
    quiet_until: int
    urgent_passes: bool


_NEW_SUBSCRIPTION: Final = payload.record(
    _NewSubscription,
    endpoint=payload.text(most=MAX_ENDPOINT_CHARS, least=1),
    public=payload.blob(exactly=PUBLIC_BYTES),
    auth=payload.blob(exactly=AUTH_BYTES),
    muted=payload.listing(payload.channel, most=MAX_MUTED),
    quiet_from=payload.number(most=DAY_MINUTES - 1),
    quiet_until=payload.number(most=DAY_MINUTES - 1),
    urgent_passes=payload.truth,
)


def routes(
    authentication: Authentication, pushes: Pushes, conversations: Conversations
) -> list[Route]:
    """`/api/push`, and who of a conversation can be woken."""

    async def key(request: Request) -> Response:
        await authentication.caller_of(request)
        return JSONResponse({"public": b64encode(pushes.public_key)})

    async def subscribe(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        new = await payload.read_json(request, _NEW_SUBSCRIPTION)
        preferences = Preferences(
            frozenset(new.muted), new.quiet_from, new.quiet_until, new.urgent_passes
        )
        keys = PushKeys(new.public, new.auth)
        await pushes.subscribe(
            Subscription(caller.account, caller.device, new.endpoint, keys, preferences)
        )
        return JSONResponse({})

    async def unsubscribe(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        await pushes.unsubscribe(caller.account, caller.device)
        return JSONResponse({})

    async def test(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        outcome = await pushes.test(caller.account, caller.device)
        return JSONResponse({"outcome": outcome.value})

    async def reach(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        channel = payload.channel(request.path_params["channel"])
        members = await conversations.list_members(caller.account, channel)
        found = await pushes.reach(sorted(members - {caller.account}))
        return JSONResponse(
            {"reach": [[one.account, one.can_be_woken, one.failed_at_ms] for one in found]}
        )

    return [
        Route("/api/push", key, methods=["GET"]),
        Route("/api/push", subscribe, methods=["PUT"]),
        Route("/api/push", unsubscribe, methods=["DELETE"]),
        Route("/api/push/test", test, methods=["POST"]),
        Route("/api/conversations/{channel}/reach", reach, methods=["GET"]),
    ]


PUSH_OPERATIONS: Final = (
    signed(
        "GET",
        "/api/push",
        "The key that browsers subscribe with.",
        obj(public=shapes.blob(exactly=PUBLIC_BYTES)),
    ),
    signed(
        "PUT",
        "/api/push",
        "Wake this device, and when not to.",
        shapes.NOTHING,
        body=obj(
            endpoint=text(MAX_ENDPOINT_CHARS, 1),
            public=shapes.blob(exactly=PUBLIC_BYTES),
            auth=shapes.blob(exactly=AUTH_BYTES),
            muted=listing(shapes.CHANNEL, MAX_MUTED),
            quiet_from=number(0, DAY_MINUTES - 1),
            quiet_until=number(0, DAY_MINUTES - 1),
            urgent_passes=shapes.TRUTH,
        ),
    ),
    signed("DELETE", "/api/push", "Wake this device no more.", shapes.NOTHING),
    signed(
        "POST",
        "/api/push/test",
        "Wake this device now.",
        obj(outcome={"enum": ["taken", "gone", "failed"]}),
    ),
    signed(
        "GET",
        "/api/conversations/{channel}/reach",
        "Who of the others can be woken.",
        obj(reach=listing({"type": "array", "prefixItems": [shapes.ID, shapes.TRUTH, number()]})),
    ),
)
