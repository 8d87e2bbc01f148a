"""
A gateway's side of the protocol: register, look recipients up, seal, upload, deliver.

    async with GatewayHttp(origin, clock) as http:
        http.deliver_as(gateway, key)
        found = await find_recipients(http, numbers)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from lien.client.contacts import Contacts
from lien.client.errors import BadAnswer, reading_answer
from lien.client.http import Http
from lien.clock import Clock
from lien.crypto.chain import ChainState
from lien.crypto.document import delivery_header, seal_document
from lien.crypto.document_content import Document
from lien.crypto.gateway import (
    Attested,
    Certificate,
    fingerprint,
    open_certificate,
    prove_gateway_request,
    prove_registration,
)
from lien.crypto.signing import SigningKey
from lien.errors import LienError
from lien.ids import AccountId, GatewayId, RppsNumber, b64decode, b64encode

MAX_DELIVERIES: Final = 16
MAX_NUMBERS: Final = 100


class BadAttestor(LienError):
    """The server is not the one whose operator gave the registration code."""

    code = "bad_attestor"


@dataclass(frozen=True, slots=True)
class FoundRecipient:
    """Whom a number belongs to."""

    rpps: RppsNumber
    is_known: bool
    name: str
    profession: str
    account: AccountId | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one delivery: a refusal's code, or None."""

    code: str | None


class GatewayHttp(Http):
    """Requests to one origin, each signed by the gateway's key; no cookie, no session."""

    def __init__(self, origin: str, clock: Clock) -> None:
        super().__init__(origin, clock)
        self._gateway: GatewayId | None = None
        self._gateway_key: SigningKey | None = None

    def deliver_as(self, gateway: GatewayId, key: SigningKey) -> None:
        """From now on every request carries a proof."""
        self._gateway, self._gateway_key = gateway, key

    async def request(
        self,
        method: str,
        path: str,
        content: bytes = b"",
        content_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """As `Http.request`, with the gateway's proof."""
        signed = dict(headers or {})
        if self._gateway is not None and self._gateway_key is not None:
            url = httpx.URL(self.origin).join(path)
            if urlsplit(str(url)).netloc != urlsplit(self.origin).netloc:
                raise BadAnswer("sent to another origin")
            at_ms, raw_path = self.now_ms(), url.raw_path.decode("ascii")
            proof = prove_gateway_request(
                self._gateway_key, self._gateway, method, raw_path, at_ms, content
            )
            signed["Lien-Gateway"] = f"{self._gateway}.{at_ms}.{b64encode(proof)}"
        return await super().request(method, path, content, content_type, signed)


class GatewayContacts(Contacts):
    """Chains as a gateway reads them."""

    chain_path = "/api/gateway/accounts/{account}/chain"


async def register(
    http: Http, code: str, gateway: GatewayId, key: SigningKey
) -> tuple[Attested, Certificate, bytes]:
    """
    Have a key certified: the certificate, what it says, and the attestor's key.

    Raises: Malformed for what is no code, BadAttestor, ServerFailure, httpx.TransportError.
    """
    value = b64decode(code)
    secret, expected = value[:16], value[16:]
    status = await http.get("/api/status")
    with reading_answer():
        attestor = b64decode(status["attestor"])
        http.learn_time(int(status["server_at_ms"]))
    if len(secret) != 16 or fingerprint(attestor) != expected:
        raise BadAttestor("this server is not the one that gave the code, or the code is none")
    answer = await http.post(
        "/api/gateways/registration",
        {
            "code": b64encode(secret),
            "gateway": gateway,
            "public": b64encode(key.public),
            "proof": b64encode(prove_registration(key, secret, gateway)),
        },
    )
    with reading_answer():
        attested = Attested(b64decode(answer["certificate"]), b64decode(answer["signature"]))
    certificate = open_certificate(attested, attestor)
    if (certificate.gateway, certificate.public) != (gateway, key.public):
        raise BadAnswer("the certificate of another gateway")
    return attested, certificate, attestor


async def find_recipients(http: Http, numbers: Sequence[RppsNumber]) -> list[FoundRecipient]:
    """Whom numbers belong to, in their order. Raises: ServerFailure, httpx.TransportError."""
    answer = await http.post("/api/gateway/recipients", {"numbers": list(numbers)})
    with reading_answer():
        found = [
            FoundRecipient(
                RppsNumber(str(one["rpps"])),
                one["known"] is True,
                str(one["name"]),
                str(one["profession"]),
                AccountId(one["account"]) if one["account"] else None,
            )
            for one in answer["recipients"]
        ]
    if [one.rpps for one in found] != list(numbers):
        raise BadAnswer("an answer about other numbers")
    return found


def seal_for(
    gateway: GatewayId, key: SigningKey, document: Document, state: ChainState
) -> dict[str, str]:
    """
    A document for one account, as the server takes it. The account is current (`is_departed`
    and `is_stale` false): the caller looked.

    Raises: BadDocument.
    """
    header = delivery_header(gateway, document, state.account, state.generation)
    clear, sealed = seal_document(header, document, key, state.sealing_public)
    return {"header": b64encode(clear), "sealed": b64encode(sealed)}


async def deliver(http: Http, deliveries: Sequence[Mapping[str, str]]) -> list[Delivered]:
    """What became of each. Raises: ServerFailure, httpx.TransportError."""
    answer = await http.post(
        "/api/gateway/deliveries", {"deliveries": [dict(each) for each in deliveries]}
    )
    with reading_answer():
        found = [Delivered(one["code"] and str(one["code"])) for one in answer["results"]]
    if len(found) != len(deliveries):
        raise BadAnswer("an answer to another number of deliveries")
    return found
