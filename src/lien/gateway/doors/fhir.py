"""
FHIR over HTTP: ITI-65 (`POST /`, a transaction) and ITI-105 (`POST /DocumentReference`).

A submission is answered when it is on the spool's disk. No search and no read: this is a letter
box, not a server of records. Answers carry no content of what was sent.
"""

import asyncio
import hmac
import json
import socket
import sqlite3
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from lien.gateway import strictjson
from lien.gateway.doors.submitting import Desk
from lien.gateway.intake import Taken, address_of, is_taken
from lien.gateway.quarantine import ENGLISH, Reason, Unreadable
from lien.gateway.reading import MAX_FILE_BYTES
from lien.gateway.settings import FhirSettings
from lien.gateway.spool import Added, SpoolFull
from lien.gateway.strictjson import Node, node, nodes, text
from lien.ids import new_id
from lien.telemetry import Telemetry

WAY: Final = "fhir"
_TYPE: Final = "application/fhir+json"
_TYPES: Final = frozenset({_TYPE, "application/json"})
_MAX_ENTRIES: Final = 1_000
# How FHIR calls what went wrong (http://hl7.org/fhir/issue-type).
_ISSUES: Final = {
    Reason.TOO_LARGE: ("too-long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    Reason.TOO_COMPLEX: ("too-costly", HTTPStatus.UNPROCESSABLE_ENTITY),
    Reason.TOOK_TOO_LONG: ("too-costly", HTTPStatus.UNPROCESSABLE_ENTITY),
    Reason.CONTRADICTORY: ("conflict", HTTPStatus.CONFLICT),
    Reason.UNKNOWN_FORMAT: ("not-supported", HTTPStatus.BAD_REQUEST),
    Reason.UNSUPPORTED_CONTENT: ("not-supported", HTTPStatus.UNPROCESSABLE_ENTITY),
}


class FhirDoor:
    """The application behind the listener."""

    def __init__(
        self, settings: FhirSettings, token: bytes, desk: Desk, telemetry: Telemetry
    ) -> None:
        self._settings = settings
        self._token = token
        self._desk = desk
        self._telemetry = telemetry

    def application(self) -> Starlette:
        """What answers requests."""
        return Starlette(
            routes=[
                Route("/", self._transaction, methods=["POST"]),
                Route("/DocumentReference", self._publish, methods=["POST"]),
                Route("/metadata", self._describe, methods=["GET"]),
                Route("/health", self._health, methods=["GET"]),
            ],
            exception_handlers={HTTPException: _refuse, Exception: _fail},
        )

    async def _transaction(self, request: Request) -> Response:
        return await self._take(request, "Bundle")

    async def _publish(self, request: Request) -> Response:
        return await self._take(request, "DocumentReference")

    async def _describe(self, request: Request) -> Response:
        return _answer(
            HTTPStatus.OK,
            {
                "resourceType": "CapabilityStatement",
                "status": "active",
                "kind": "instance",
                "date": "2026-11-27",
                "fhirVersion": "4.0.1",
                "format": [_TYPE],
                "rest": [
                    {
                        "mode": "server",
                        "interaction": [{"code": "transaction"}],
                        "resource": [
                            {"type": "DocumentReference", "interaction": [{"code": "create"}]}
                        ],
                    }
                ],
            },
        )

    async def _health(self, request: Request) -> Response:
        return _answer(HTTPStatus.OK, {"status": "ok"})

    async def _take(self, request: Request, kind: str) -> Response:
        self._require_allowed(request)
        data = await _body(request)
        try:
            taken = await self._desk.submit(data, way=WAY, keeps_unreadable=False)
            value = strictjson.parse(data)
        except Unreadable as error:
            return _issue(error.reason)
        except (SpoolFull, sqlite3.Error) as error:
            self._telemetry.log("gateway_spool_failed", error=type(error).__name__)
            return _busy()
        if not taken.added or text(value.get("resourceType")) != kind:
            return _issue(Reason.UNKNOWN_FORMAT)
        if not is_taken(taken):
            return _issue(Reason.CONTRADICTORY)
        return _transaction_answer(value, taken) if kind == "Bundle" else _created(taken.added[0])

    def _require_allowed(self, request: Request) -> None:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _TYPES:
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if not self._token:
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        is_right = hmac.compare_digest(given.strip().encode(), self._token)
        if scheme.lower() != "bearer" or not is_right:
            raise HTTPException(
                HTTPStatus.UNAUTHORIZED, headers={"www-authenticate": 'Bearer realm="lien"'}
            )


class Listener(uvicorn.Server):
    """uvicorn that leaves signals to whoever runs it, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Not ours to catch."""
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's."""
        await super().startup(sockets)
        if not self.should_exit:
            self.ready.set()


async def _body(request: Request) -> bytes:
    found = bytearray()
    try:
        async for chunk in request.stream():
            found += chunk
            if len(found) > MAX_FILE_BYTES:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except ClientDisconnect as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error
    return bytes(found)


def _transaction_answer(bundle: Node, taken: Taken) -> Response:
    """One entry for each of the request's, in its order (FHIR R4, 3.1.0.11.2)."""
    added = iter(taken.added)
    entries = []
    for entry in nodes(bundle.get("entry"), _MAX_ENTRIES):
        request = node(entry.get("request"))
        resource = text(node(entry.get("resource")).get("resourceType"))
        method = text(request.get("method")).upper()
        if method != "POST":
            entries.append({"response": {"status": "200 OK"}})
            continue
        one = next(added, None) if resource == "DocumentReference" else None
        response: Node = {"status": "201 Created", "location": f"{resource}/{_name()}"}
        if one is not None:
            response |= {"location": _location(one), **_outcome_of(one)}
        entries.append({"response": response})
    return _answer(
        HTTPStatus.OK,
        {"resourceType": "Bundle", "type": "transaction-response", "entry": entries},
    )


def _created(one: Added) -> Response:
    outcome = _outcome_of(one).get("outcome") or _outcome("information", "informational", "taken")
    return _answer(HTTPStatus.CREATED, outcome, {"location": _location(one)})


def _location(one: Added) -> str:
    return address_of(one.document) if one.document else f"DocumentReference/{_name()}"


def _outcome_of(one: Added) -> Node:
    """Taken, but a person has to look at it: a warning, since nothing is lost."""
    if one.reason is None:
        return {}
    return {"outcome": _outcome("warning", "business-rule", ENGLISH[one.reason])}


def _name() -> str:
    """An id of nothing that can be read here; FHIR ids know no underscore."""
    return new_id().replace("_", ".")


def _issue(reason: Reason) -> Response:
    code, status = _ISSUES.get(reason, ("invalid", HTTPStatus.BAD_REQUEST))
    return _answer(status, _outcome("error", code, ENGLISH[reason]))


def _busy() -> Response:
    outcome = _outcome("error", "transient", "The gateway cannot take anything now.")
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, outcome, {"retry-after": "60"})


async def _refuse(request: Request, error: Exception) -> Response:
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 400)
    headers = dict(getattr(error, "headers", None) or {})
    code = {
        HTTPStatus.UNAUTHORIZED: "login",
        HTTPStatus.NOT_FOUND: "not-found",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    }.get(status, "not-supported")
    return _answer(status, _outcome("error", code, status.phrase), headers)


async def _fail(request: Request, error: Exception) -> Response:
    return _answer(
        HTTPStatus.INTERNAL_SERVER_ERROR, _outcome("fatal", "exception", "An error of the gateway.")
    )


def _outcome(severity: str, code: str, diagnostics: str) -> Node:
    issue = {"severity": severity, "code": code, "diagnostics": diagnostics}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _answer(status: HTTPStatus, value: Node, headers: dict[str, str] | None = None) -> Response:
    return Response(
        json.dumps(value, ensure_ascii=False),
        status,
        {"cache-control": "no-store", **(headers or {})},
        _TYPE,
    )
