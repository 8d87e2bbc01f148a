"""`/api/openapi.json`: the HTTP door described, made of the table in `operations`."""

import json
import re
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lien import __version__
from lien.web import shapes
from lien.web.operation import Operation, Who
from lien.web.operations import OPERATIONS, PARTS

_PART: Final = re.compile(r"\{(\w+)\}")

# Why each status; the codes of the error are those of docs/protocol.md.
_STATUSES: Final = {
    206: "The range that was asked for",
    302: "Elsewhere; on failure `/?error=<code>`",
    400: "Malformed",
    401: "Sign in (again)",
    403: "Refused",
    404: "No such thing for this caller",
    409: "The state moved on",
    413: "The body is too large",
    416: "The range is outside",
    421: "Another host",
    429: "Later: `retry_after_ms`",
    431: "The headers are too large",
    503: "Not ready",
}
# What the outer layers and the store can always answer.
_ALWAYS: Final = (400, 421, 429, 431)
_SECURITY: Final[dict[Who, list[dict[str, list[str]]]]] = {
    Who.OPEN: [],
    Who.FLOW: [{"flow": []}],
    Who.SESSION: [{"session": [], "proof": []}],
    Who.GATEWAY: [{"gateway": []}],
}
_BYTES: Final[dict[str, Any]] = {"application/octet-stream": {"schema": {}}}
_SCHEMES: Final = {
    "flow": {"type": "apiKey", "in": "cookie", "name": "__Host-lien-flow"},
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-lien"},
    "proof": {
        "type": "apiKey",
        "in": "header",
        "name": "Lien-Proof",
        "description": "`<at_ms>.<signature>` by the device key, docs/keys.md",
    },
    "gateway": {
        "type": "apiKey",
        "in": "header",
        "name": "Lien-Gateway",
        "description": "`<gateway>.<at_ms>.<signature>` by the gateway key, docs/keys.md",
    },
}


def describe() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lien",
            "version": __version__,
            "description": "What is live travels on the WebSocket, see docs/protocol.md.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "paths": paths,
        "components": {"schemas": shapes.COMPONENTS, "securitySchemes": _SCHEMES},
    }


def routes() -> list[Route]:
    """Public: it says nothing that the source does not."""
    document = json.dumps(describe(), ensure_ascii=False).encode()

    async def show(request: Request) -> Response:
        return Response(document, media_type="application/json")

    return [Route("/api/openapi.json", show, methods=["GET"])]


def _describe(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _name_of(operation),
        "summary": operation.summary,
        "security": _SECURITY[operation.who],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.body is not None:
        content = {"application/json": {"schema": operation.body}}
        described["requestBody"] = {"required": True, "content": content}
    if operation.takes_bytes:
        described["requestBody"] = {"required": True, "content": _BYTES}
    return described


def _name_of(operation: Operation) -> str:
    words = re.findall(r"\w+", operation.path.removeprefix("/api"))
    return "_".join((operation.method.lower(), *words))


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": PARTS[name]}
        for name in _PART.findall(operation.path)
    ]
    in_query = [
        {"name": name, "in": "query", "required": name == "q", "schema": schema}
        for name, schema in operation.query.items()
    ]
    return in_path + in_query


def _responses(operation: Operation) -> dict[str, Any]:
    statuses = {*_ALWAYS, *operation.statuses}
    if operation.who is not Who.OPEN:
        statuses |= {401, 403, 404, 409}
    if operation.method != "GET":
        statuses |= {403, 413}
    if _PART.search(operation.path):
        statuses.add(404)
    responses = {str(status): _failure(status) for status in sorted(statuses)}
    if operation.answer is not None:
        content = {"application/json": {"schema": operation.answer}}
        responses = {"200": {"description": "Done", "content": content}, **responses}
    if operation.gives_bytes:
        responses = {"200": {"description": "Done", "content": _BYTES}, **responses}
    return responses


def _failure(status: int) -> dict[str, Any]:
    description = {"description": _STATUSES[status]}
    if status in (302, 416):
        return description
    if status == 206:
        return {**description, "content": _BYTES}
    schema = shapes.obj(status=shapes.text()) if status == 503 else shapes.ref("Error")
    return {**description, "content": {"application/json": {"schema": schema}}}
