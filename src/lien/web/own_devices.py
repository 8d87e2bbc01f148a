"""The devices of the own account over HTTP: their names, and what they seal to each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import DeviceBox, Devices
from lien.conversations import Conversations
from lien.crypto.chain import MAX_LINKS
from lien.crypto.conversation_key import SEALED_KEY_BYTES
from lien.crypto.sealing import PUBLIC_BYTES
from lien.crypto.signing import SIGNATURE_BYTES
from lien.ids import b64encode
from lien.web import payload
from lien.web.authentication import Authentication

_MAX_LABEL: Final = 128
_MAX_BOXES: Final = 16


@dataclass(frozen=True, slots=True)
class _Name:
    label: str


@dataclass(frozen=True, slots=True)
class _Key:
    sealing_public: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class _Boxes:
    boxes: Sequence[DeviceBox]


_NAME: Final = payload.record(_Name, label=payload.text(most=_MAX_LABEL))
_KEY: Final = payload.record(
    _Key,
    sealing_public=payload.blob(exactly=PUBLIC_BYTES),
    signature=payload.blob(exactly=SIGNATURE_BYTES),
)
_BOXES: Final = payload.record(
    _Boxes,
    boxes=payload.listing(
        payload.record(
            DeviceBox,
            device=payload.device,
            generation=payload.number(least=1, most=MAX_LINKS),
            sealed=payload.blob(exactly=SEALED_KEY_BYTES),
        ),
        most=_MAX_BOXES,
    ),
)


def routes(
    authentication: Authentication, devices: Devices, conversations: Conversations
) -> list[Route]:
    """`/api/devices` beyond the list. A new key or box is told to the other devices."""

    async def rename(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        device = payload.device(request.path_params["device"])
        new = await payload.read_json(request, _NAME)
        await devices.rename(caller.account, device, new.label)
        return JSONResponse({})

    async def list_keys(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        return JSONResponse(
            {
                "keys": [
                    {
                        "device": one.device,
                        "sealing_public": b64encode(one.sealing_public),
                        "signature": b64encode(one.signature),
                        "generation": one.generation,
                    }
                    for one in await devices.list_keys(caller.account)
                ]
            }
        )

    async def put_key(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        new = await payload.read_json(request, _KEY)
        await devices.put_key(caller.token, new.sealing_public, new.signature)
        await conversations.notify(caller.account, ["chain", caller.account])
        return JSONResponse({})

    async def show_box(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        box = await devices.find_box(caller.account, caller.device)
        return JSONResponse(
            {
                "generation": box.generation if box else 0,
                "sealed": b64encode(box.sealed) if box else None,
            }
        )

    async def put_boxes(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        new = await payload.read_json(request, _BOXES)
        await devices.put_boxes(caller.account, new.boxes)
        await conversations.notify(caller.account, ["chain", caller.account])
        return JSONResponse({})

    return [
        Route("/api/devices/keys", list_keys, methods=["GET"]),
        Route("/api/devices/keys", put_key, methods=["PUT"]),
        Route("/api/devices/box", show_box, methods=["GET"]),
        Route("/api/devices/boxes", put_boxes, methods=["POST"]),
        Route("/api/devices/{device}", rename, methods=["PUT"]),
    ]
