"""
From a signature to a gateway: no cookie and no session, each request is proved for itself.

    Lien-Gateway: <gateway>.<at_ms>.<signature>

by the gateway's key over its method, address, instant and body (docs/keys.md). The gateway is
looked up with every request, so that a revocation holds from the next one on.
"""

import re
from typing import Final

from starlette.requests import Request

from lien.blobs import account_owner, gateway_owner
from lien.clock import Clock
from lien.crypto.gateway import verify_gateway_request
from lien.crypto.signing import BadSignature
from lien.documents import Documents, Gateway, GatewayUnknown
from lien.errors import LienError
from lien.ids import GatewayId, b64decode, require_id
from lien.web.authentication import (
    PROOF_WINDOW_MS,
    Authentication,
    UseOnce,
    path_of,
    require_first,
)
from lien.web.blobs import Uploader

HEADER: Final = "lien-gateway"
_PROOF: Final = re.compile(r"([A-Za-z0-9_-]{22})\.(0|[1-9][0-9]{0,15})\.([A-Za-z0-9_-]{86})")


class GatewayCallers:
    """The one place that decides which gateway a request is from."""

    def __init__(self, documents: Documents, clock: Clock, use_once: UseOnce) -> None:
        self._documents = documents
        self._use_once = use_once
        self._clock = clock

    async def caller_of(self, request: Request) -> Gateway:
        """
        The gateway that signed this request.

        Raises: GatewayUnknown, GatewayRevoked, Replayed.
        """
        match = _PROOF.fullmatch(request.headers.get(HEADER, ""))
        if match is None:
            raise GatewayUnknown("the proof is missing")
        at_ms = int(match[2])
        if abs(self._clock.now_ms() - at_ms) > PROOF_WINDOW_MS:
            raise GatewayUnknown("the proof is old, or the gateway's clock is wrong")
        try:
            gateway, signature = GatewayId(require_id(match[1])), b64decode(match[3])
        except LienError as error:
            raise GatewayUnknown("the proof is wrong") from error
        found = await self._documents.access_gateway(gateway)
        try:
            verify_gateway_request(
                found.certificate.public,
                gateway,
                request.method,
                path_of(request),
                at_ms,
                await request.body(),  # bounded before, by `middleware`
                signature,
            )
        except BadSignature as error:
            raise GatewayUnknown("the proof is wrong") from error
        if request.method not in ("GET", "HEAD"):
            await require_first(self._use_once, match[3])
        return found


class Uploaders:
    """Who uploads a blob: a gateway when the request says so, else a signed-in device."""

    def __init__(self, authentication: Authentication, callers: GatewayCallers) -> None:
        self._authentication = authentication
        self._callers = callers

    async def uploader_of(self, request: Request) -> Uploader:
        """Raises: NotSignedIn, DeviceRevoked, GatewayUnknown, GatewayRevoked."""
        if HEADER in request.headers:
            gateway = await self._callers.caller_of(request)
            return Uploader(gateway_owner(gateway.gateway))
        caller = await self._authentication.caller_of(request)
        return Uploader(account_owner(caller.account), caller.account)
