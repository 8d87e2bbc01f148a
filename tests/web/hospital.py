"""A gateway as the server meets it: a key, requests signed by it, and documents of its own."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from lien.crypto.document import delivery_header, seal_document
from lien.crypto.document_content import Document
from lien.crypto.gateway import prove_gateway_request, prove_registration
from lien.crypto.signing import SigningKey
from lien.documents import parse_code
from lien.ids import DocumentId, GatewayId, b64encode, new_id
from tests.vectors.make_documents import a_document
from tests.web.signing_in import Deployment, Phone


def another_document() -> Document:
    """A document that nobody has seen."""
    return replace(a_document(), document=DocumentId(new_id()))


@dataclass
class Hospital:
    """One gateway, registered or not."""

    deployment: Deployment
    http: httpx.AsyncClient
    gateway: GatewayId = field(default_factory=lambda: GatewayId(new_id()))
    key: SigningKey = field(default_factory=SigningKey.generate)
    at_ms: int = 0

    async def register(self, code: str) -> httpx.Response:
        secret, _ = parse_code(code)
        return await self.http.post(
            "/api/gateways/registration",
            json={
                "code": b64encode(secret),
                "gateway": self.gateway,
                "public": b64encode(self.key.public),
                "proof": b64encode(prove_registration(self.key, secret, self.gateway)),
            },
        )

    def proof(self, method: str, path: str, body: bytes = b"") -> str:
        self.at_ms = at_ms = max(self.deployment.clock.now_ms(), self.at_ms + 1)
        signature = prove_gateway_request(self.key, self.gateway, method, path, at_ms, body)
        return f"{self.gateway}.{at_ms}.{b64encode(signature)}"

    async def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """A request signed by the gateway's key."""
        content = b"" if body is None else json.dumps(body).encode()
        return await self.http.request(
            method,
            path,
            content=content,
            headers={
                "Content-Type": "application/json",
                "Lien-Gateway": self.proof(method, path, content),
            },
        )

    def delivery(self, document: Document, phone: Phone, generation: int = 1) -> dict[str, str]:
        """A document sealed for a phone's account."""
        header = delivery_header(self.gateway, document, phone.account, generation)
        clear, sealed = seal_document(header, document, self.key, phone.secret.sealing.public)
        return {"header": b64encode(clear), "sealed": b64encode(sealed)}

    async def deliver(self, *deliveries: dict[str, str]) -> list[dict[str, Any]]:
        answer = await self.call(
            "POST", "/api/gateway/deliveries", {"deliveries": list(deliveries)}
        )
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])
