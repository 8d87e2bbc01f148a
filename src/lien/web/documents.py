"""
Documents over HTTP: for gateways, who their recipients are and what they deliver; for people,
whom a gateway is and what they did with a document. Content travels in the inbox.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import Accounts
from lien.clock import Clock
from lien.crypto.chain import MAX_LINKS
from lien.crypto.envelope import MAX_HEADER_BYTES, MAX_SEALED_BYTES
from lien.crypto.gateway import CODE_BYTES, Attested
from lien.crypto.signing import PUBLIC_BYTES, SIGNATURE_BYTES
from lien.crypto.trace import MAX_NOTE_BYTES
from lien.documents import (
    MAX_DELIVERIES,
    MAX_NUMBERS,
    AuditNote,
    Documents,
    Gateway,
    KeptTrace,
    Recipient,
    Trace,
    TraceKind,
)
from lien.errors import LienError, Malformed, Overloaded
from lien.ids import DocumentId, GatewayId, RppsNumber, b64encode, require_id
from lien.web import payload
from lien.web.authentication import Authentication
from lien.web.gateway_caller import GatewayCallers


@dataclass(frozen=True, slots=True)
class _Registration:
    code: bytes = field(repr=False)
    gateway: GatewayId
    public: bytes = field(repr=False)
    proof: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Numbers:
    numbers: list[RppsNumber] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Delivery:
    header: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Deliveries:
    deliveries: list[_Delivery]


@dataclass(frozen=True, slots=True)
class _Trace:
    kind: str
    generation: int
    note: bytes = field(repr=False)
    audit: AuditNote | None


def _gateway_id(value: object) -> GatewayId:
    return GatewayId(require_id(payload.text(most=22)(value)))


def _rpps(value: object) -> RppsNumber:
    text = payload.text(most=11, least=11)(value)
    if not text.isascii() or not text.isdigit():
        raise Malformed("not an RPPS number")
    return RppsNumber(text)


_REGISTRATION: Final = payload.record(
    _Registration,
    code=payload.blob(exactly=CODE_BYTES),
    gateway=_gateway_id,
    public=payload.blob(exactly=PUBLIC_BYTES),
    proof=payload.blob(exactly=SIGNATURE_BYTES),
)
_NUMBERS: Final = payload.record(_Numbers, numbers=payload.listing(_rpps, most=MAX_NUMBERS))
_DELIVERIES: Final = payload.record(
    _Deliveries,
    deliveries=payload.listing(
        payload.record(
            _Delivery,
            header=payload.blob(most=MAX_HEADER_BYTES),
            sealed=payload.blob(most=MAX_SEALED_BYTES),
        ),
        most=MAX_DELIVERIES,
    ),
)
_TRACE: Final = payload.record(
    _Trace,
    kind=payload.one_of(*(kind.value for kind in TraceKind)),
    generation=payload.number(least=1, most=MAX_LINKS),
    note=payload.blob(most=MAX_NOTE_BYTES),
    audit=payload.maybe(
        payload.record(
            AuditNote,
            key=payload.text(most=22),
            note=payload.blob(most=MAX_NOTE_BYTES),
        )
    ),
)


def routes(
    authentication: Authentication,
    callers: GatewayCallers,
    documents: Documents,
    accounts: Accounts,
    clock: Clock,
) -> list[Route]:
    """`/api/gateway` for gateways, `/api/gateways` and `/api/documents` for people."""
    return [
        *_for_gateways(callers, documents, accounts, clock),
        *_for_people(authentication, documents),
    ]


def _for_gateways(
    callers: GatewayCallers, documents: Documents, accounts: Accounts, clock: Clock
) -> list[Route]:
    async def register(request: Request) -> Response:
        new = await payload.read_json(request, _REGISTRATION)
        made = await documents.register(new.code, new.gateway, new.public, new.proof)
        return JSONResponse(_attested_json("certificate", made.attested))

    async def show_own(request: Request) -> Response:
        caller = await callers.caller_of(request)
        return JSONResponse({"gateway": caller.gateway, "server_at_ms": clock.now_ms()})

    async def find_recipients(request: Request) -> Response:
        caller = await callers.caller_of(request)
        asked = await payload.read_json(request, _NUMBERS)
        found = await documents.find_recipients(caller.gateway, asked.numbers)
        return JSONResponse({"recipients": [_recipient_json(one) for one in found]})

    async def list_links(request: Request) -> Response:
        await callers.caller_of(request)
        account = payload.account(request.path_params["account"])
        after = payload.query_number(request, "after", default=-1, least=-1, most=MAX_LINKS)
        links = await accounts.list_links(account, after)
        return JSONResponse(
            {
                "links": [
                    {"link": b64encode(link.data), "signature": b64encode(link.signature)}
                    for link in links
                ]
            }
        )

    async def deliver(request: Request) -> Response:
        caller = await callers.caller_of(request)
        asked = await payload.read_json(request, _DELIVERIES)
        results = [await _deliver(documents, caller, one) for one in asked.deliveries]
        return JSONResponse({"results": results})

    return [
        Route("/api/gateways/registration", register, methods=["POST"]),
        Route("/api/gateway", show_own, methods=["GET"]),
        Route("/api/gateway/recipients", find_recipients, methods=["POST"]),
        Route("/api/gateway/accounts/{account}/chain", list_links, methods=["GET"]),
        Route("/api/gateway/deliveries", deliver, methods=["POST"]),
    ]


def _for_people(authentication: Authentication, documents: Documents) -> list[Route]:
    async def show(request: Request) -> Response:
        await authentication.caller_of(request)
        found = await documents.get_gateway(_gateway_id(request.path_params["gateway"]))
        ended = found.revocation
        return JSONResponse(
            {
                **_attested_json("certificate", found.attested),
                "revocation": None if ended is None else _attested_json("revocation", ended),
            }
        )

    async def add_trace(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        document = DocumentId(require_id(request.path_params["document"]))
        new = await payload.read_json(request, _TRACE)
        trace = Trace(
            TraceKind(new.kind), document, caller.device, new.generation, new.note, new.audit
        )
        await documents.trace(caller.account, trace)
        return JSONResponse({})

    async def show_audit_key(request: Request) -> Response:
        await authentication.caller_of(request)
        found = documents.audit_key
        key = None if found is None else _attested_json("key", found)
        return JSONResponse({"audit_key": key})

    async def list_traces(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        before = payload.query_number(request, "before", default=0)
        page = await documents.list_traces(caller.account, before)
        return JSONResponse(
            {"traces": [_trace_json(one) for one in page.traces], "before": page.before}
        )

    return [
        Route("/api/gateways/{gateway}", show, methods=["GET"]),
        Route("/api/documents/audit-key", show_audit_key, methods=["GET"]),
        Route("/api/documents/traces", list_traces, methods=["GET"]),
        Route("/api/documents/{document}/traces", add_trace, methods=["POST"]),
    ]


async def _deliver(documents: Documents, caller: Gateway, one: _Delivery) -> dict[str, Any]:
    """One of several: its own refusal is its own answer, a store that is away is everybody's."""
    try:
        done = await documents.deliver(caller.gateway, one.header, one.sealed)
    except Overloaded:
        raise
    except LienError as error:
        return {"code": error.code, "incarnation": 0, "offset": 0, "at_ms": 0}
    return {
        "code": None,
        "incarnation": done.incarnation,
        "offset": done.offset,
        "at_ms": done.at_ms,
    }


def _recipient_json(one: Recipient) -> dict[str, Any]:
    return {
        "rpps": one.rpps,
        "known": one.is_known,
        "name": one.name,
        "profession": one.profession,
        "account": one.account,
    }


def _attested_json(name: str, one: Attested) -> dict[str, str]:
    return {name: b64encode(one.data), "signature": b64encode(one.signature)}


def _trace_json(kept: KeptTrace) -> dict[str, Any]:
    one = kept.trace
    return {
        "number": kept.number,
        "at_ms": kept.at_ms,
        "kind": one.kind.value,
        "document": one.document,
        "device": one.device,
        "generation": one.generation,
        "note": b64encode(one.note),
    }
