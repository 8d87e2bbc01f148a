"""What stands for the vendors: a push service on this machine, and a browser's keys."""

import asyncio
import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from lien.crypto.webpush import PushKeys
from lien.ids import b64encode

HOST = "push.vendor.example"


class Browser:
    """The receiving half of a subscription."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"sixteen bytes au"
        encoded = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.keys = PushKeys(encoded, self.auth)

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt as a browser does."""
        return dict(json.loads(decrypt(body, self.private, self.auth)))


def decrypt(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """RFC 8291 from the browser's side; `test_webpush` holds it against the RFC's own example."""
    salt, rest = body[:16], body[20:]
    sender, box = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
    own = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = private.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    )
    secret = HKDF(SHA256(), 32, auth, b"WebPush: info\0" + own + sender).derive(shared)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
    plain, delimiter, padding = AESGCM(key).decrypt(nonce, box, None).rpartition(b"\x02")
    assert delimiter
    assert not any(padding)
    return plain


@dataclass
class Vendor:
    """A push service: a real HTTP server that remembers what it got."""

    status: int = 201
    location: str = ""
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in head[1:] if line)
        headers = {name.lower(): value for name, _, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        self.got.append((head[0], headers, body))
        location = f"location: {self.location}\r\n" if self.location else ""
        writer.write(
            f"HTTP/1.1 {self.status} X\r\n{location}content-length: 0\r\n"
            "connection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()

    def client(self) -> httpx.AsyncClient:
        """A client for which every vendor's name leads here; nothing else about it is changed."""
        return httpx.AsyncClient(
            transport=_Here(self.port), timeout=5.0, follow_redirects=False, trust_env=False
        )


class _Here(httpx.AsyncBaseTransport):
    def __init__(self, port: int) -> None:
        self._port = port
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def claims_of(authorization: str) -> tuple[dict[str, Any], bytes]:
    """The verified claims of a VAPID header (RFC 8292), and the key it names."""
    assert authorization.startswith("vapid t=")
    token, _, key = authorization.removeprefix("vapid t=").partition(", k=")
    public = urlsafe_b64decode(key + "=" * (-len(key) % 4))
    jwk = ECKey.import_key(
        {"kty": "EC", "crv": "P-256", "x": b64encode(public[1:33]), "y": b64encode(public[33:])}
    )
    return dict(jwt.decode(token, jwk, algorithms=["ES256"]).claims), public
