"""Blobs over HTTP: begin an upload, its parts, its end; a range of one; taking it back."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from lien.blobs import MAX_READERS, Audience, Blobs, Owner, Reading, account_owner
from lien.errors import Malformed
from lien.ids import AccountId, BlobId, ChannelId, require_id
from lien.web import payload, shapes
from lien.web.authentication import Authentication
from lien.web.operation import signed
from lien.web.shapes import listing, maybe, number, obj

BYTES: Final = "application/octet-stream"
_RANGE: Final = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")


@dataclass(frozen=True, slots=True)
class Uploader:
    """Who uploads; `member` when it is an account, which may upload into its conversations."""

    owner: Owner
    member: AccountId | None = None


UploaderOf = Callable[[Request], Awaitable[Uploader]]


@dataclass(frozen=True, slots=True)
class _NewBlob:
    blob: BlobId
    size: int
    channel: ChannelId | None
    accounts: list[AccountId]


def _blob_id(value: object) -> BlobId:
    if not isinstance(value, str):
        raise Malformed("not an identifier")
    return BlobId(require_id(value))


_NEW_BLOB: Final = payload.record(
    _NewBlob,
    blob=_blob_id,
    size=payload.number(least=1),
    channel=payload.maybe(payload.channel),
    accounts=payload.listing(payload.account, most=MAX_READERS),
)


def routes(
    authentication: Authentication, blobs: Blobs, uploader_of: UploaderOf | None = None
) -> list[Route]:
    """`/api/blobs`. `uploader_of` lets others than accounts upload."""

    async def account_of(request: Request) -> Uploader:
        caller = await authentication.caller_of(request)
        return Uploader(account_owner(caller.account), caller.account)

    who = uploader_of or account_of

    async def begin(request: Request) -> Response:
        uploader = await who(request)
        new = await payload.read_json(request, _NEW_BLOB)
        audience = Audience(new.channel, frozenset(new.accounts))
        upload = await blobs.begin(uploader.owner, new.blob, new.size, audience, uploader.member)
        return JSONResponse({"missing": list(upload.missing), "complete": upload.is_complete})

    async def put(request: Request) -> Response:
        uploader = await who(request)
        blob = _blob_id(request.path_params["blob"])
        offset = payload.query_number(request, "offset", default=0)
        if request.headers.get("content-type") != BYTES:
            raise Malformed("a part is application/octet-stream")
        await blobs.put(uploader.owner, blob, offset, await request.body())
        return JSONResponse({})

    async def complete(request: Request) -> Response:
        uploader = await who(request)
        blob = _blob_id(request.path_params["blob"])
        return JSONResponse({"expires_at_ms": await blobs.complete(uploader.owner, blob)})

    async def remove(request: Request) -> Response:
        uploader = await who(request)
        await blobs.remove(uploader.owner, _blob_id(request.path_params["blob"]))
        return JSONResponse({})

    async def read(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        blob = _blob_id(request.path_params["blob"])
        start, end = _range_of(request)
        reading = await blobs.access(caller.account, blob, max(start, 0), end)
        if start < 0:  # the last so many bytes
            reading = await blobs.access(caller.account, blob, max(0, reading.size + start), None)
        return await _answer(blobs, reading, is_part="range" in request.headers)

    return [
        Route("/api/blobs", begin, methods=["POST"]),
        Route("/api/blobs/{blob}", read, methods=["GET"]),
        Route("/api/blobs/{blob}", put, methods=["PUT"]),
        Route("/api/blobs/{blob}", remove, methods=["DELETE"]),
        Route("/api/blobs/{blob}/complete", complete, methods=["POST"]),
    ]


BLOB_OPERATIONS: Final = (
    signed(
        "POST",
        "/api/blobs",
        "Begin an upload, or go on with one.",
        obj(missing=listing(number()), complete=shapes.TRUTH),
        body=obj(
            blob=shapes.ID,
            size=number(1),
            channel=maybe(shapes.CHANNEL),
            accounts=listing(shapes.ID, MAX_READERS),
        ),
    ),
    signed(
        "PUT",
        "/api/blobs/{blob}",
        "One part of an upload.",
        shapes.NOTHING,
        query={"offset": number()},
        takes_bytes=True,
    ),
    signed(
        "POST",
        "/api/blobs/{blob}/complete",
        "Every part was sent.",
        obj(expires_at_ms=number()),
    ),
    signed(
        "GET",
        "/api/blobs/{blob}",
        "Sealed bytes; `Range` asks for some of them.",
        None,
        statuses=(206, 416),
        gives_bytes=True,
    ),
    signed("DELETE", "/api/blobs/{blob}", "Take it back.", shapes.NOTHING),
)


async def _answer(blobs: Blobs, reading: Reading, *, is_part: bool) -> Response:
    if reading.start >= reading.end:
        return Response(status_code=416, headers={"content-range": f"bytes */{reading.size}"})
    pieces = blobs.read(reading)
    # Before the status is sent: a damaged first part is still answered as one that is not there.
    first = await anext(pieces)
    length = reading.end - reading.start
    headers = {"content-length": str(length), "accept-ranges": "bytes"}
    if is_part:
        span = f"bytes {reading.start}-{reading.end - 1}/{reading.size}"
        headers["content-range"] = span
    status = 206 if is_part else 200
    return StreamingResponse(_joined(first, pieces), status, headers, media_type=BYTES)


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _range_of(request: Request) -> tuple[int, int | None]:
    """
    One range of bytes (RFC 9110, 14.1.2), its end not included; a negative start is a suffix.

    Stricter than the standard: what is not one range is refused, not ignored.
    Raises: Malformed.
    """
    text = request.headers.get("range")
    if text is None:
        return 0, None
    match = _RANGE.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        raise Malformed("not one range of bytes")
    if not match[1]:
        return -int(match[2]), None
    end = int(match[2]) + 1 if match[2] else None
    if end is not None and end <= int(match[1]):
        raise Malformed("a range that ends before it begins")
    return int(match[1]), end
