"""
Documents on the recipient's side: what came into the inbox, opened and judged.

A document is believed when the attestor certified its gateway, the gateway was neither revoked nor
out of its time when the log took it, and its signature is the gateway's. Whatever is wrong gets a
word and is kept: nothing is raised, and nothing that comes after it is stopped.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lien.client.blobs import BlobReference, download
from lien.client.errors import BadAnswer, ServerFailure, reading_answer
from lien.client.keyring import NoSecret
from lien.crypto.account import AccountSecret
from lien.crypto.attestor import Attestors
from lien.crypto.document import open_document, require_delivery
from lien.crypto.document_content import BadDocument, Document
from lien.crypto.envelope import BadEnvelope, Header, Kind, decode_header, encode_header
from lien.crypto.filing import BlobKey
from lien.crypto.gateway import Attested, Certificate, open_certificate, open_revocation
from lien.errors import Malformed
from lien.ids import BlobId, EnvelopeId, GatewayId, b64decode
from lien.protocol.frames import Entry

if TYPE_CHECKING:
    from lien.client.device import Device

NO_KEY: Final = "no_key"
REFUSED: Final = "gateway_refused"  # revoked, or outside its certificate
# A gateway is asked about again when a document comes later than this after the last answer.
_FRESH_MS: Final = 60_000


@dataclass(slots=True)
class Received:
    """One delivery. `problem` is an error code, `no_key` or `gateway_refused`."""

    header: Header
    at_ms: int
    offset: int
    sealed: bytes = field(repr=False)
    content: Document | None = field(default=None, repr=False)
    gateway_name: str = ""
    problem: str = ""

    @property
    def delivery(self) -> EnvelopeId:
        return self.header.envelope


@dataclass(frozen=True, slots=True)
class _Known:
    certificate: Certificate
    revoked_at_ms: int  # 0 while it is not
    asked_at_ms: int

    def serves_at(self, at_ms: int) -> bool:
        return self.certificate.is_valid_at(at_ms) and not 0 < self.revoked_at_ms <= at_ms


class Gateways:
    """What the attestor says of gateways."""

    def __init__(self) -> None:
        self._known: dict[GatewayId, _Known] = {}

    async def get(self, device: "Device", gateway: GatewayId) -> _Known:
        """
        A gateway as it stands.

        Raises: ServerFailure, BadAnswer, BadGateway, BadSignature.
        """
        now_ms = device.http.now_ms()
        known = self._known.get(gateway)
        if known is None or known.revoked_at_ms == 0 and now_ms - known.asked_at_ms > _FRESH_MS:
            answer = await device.http.get(f"/api/gateways/{gateway}")
            known = _read(answer, device.contacts.attestors, now_ms)
            if known.certificate.gateway != gateway:
                raise BadAnswer("the certificate of another gateway")
            self._known[gateway] = known
        return known


async def read_document(device: "Device", entry: Entry) -> Received | None:
    """
    A document entry, opened as far as it can be; None for an entry of another kind.

    Raises: ServerFailure, BadAnswer when the gateway or own secrets cannot be asked for.
    """
    try:
        header = decode_header(entry.header)
    except BadEnvelope:
        return None
    if header.kind is not Kind.DOCUMENT:
        return None
    received = Received(header, entry.at_ms, entry.offset, entry.sealed)
    await open_received(device, received, entry.header)
    return received


async def open_received(device: "Device", received: Received, clear: bytes) -> None:
    """Open or judge again, filling in content or problem. Raises: as `read_document`."""
    received.problem = ""
    try:
        if require_delivery(clear).account != device.account:
            raise BadDocument("a document for another account")
        known = await device.gateways.get(device, GatewayId(received.header.device or ""))
        content = open_document(
            clear,
            received.sealed,
            secret=await _secret(device, received.header.epoch),
            expected_gateway_public=known.certificate.public,
        )
    except BadAnswer:
        raise
    except ServerFailure as failure:
        if failure.answer != "not_found":
            raise
        received.problem = REFUSED  # a gateway that nobody certified
    except NoSecret:
        received.problem = NO_KEY
    except Malformed as error:
        received.problem = error.code
    else:
        received.gateway_name = known.certificate.name
        if known.serves_at(received.at_ms) and known.serves_at(content.sealed_at_ms):
            received.content = content
        else:
            received.problem = REFUSED


async def reopen_received(device: "Device") -> bool:
    """
    Open what waited for a secret that is here now; True if something was.

    Raises: as `read_document`.
    """
    waiting = [
        one
        for one in device.documents.values()
        if one.problem == NO_KEY and one.header.epoch in device.keyring.secrets
    ]
    for one in waiting:
        await open_received(device, one, encode_header(one.header))
    return bool(waiting)


async def _secret(device: "Device", generation: int) -> AccountSecret:
    if generation not in device.keyring.secrets:
        await device.refresh_own()
    found = device.keyring.secrets.get(generation)
    if found is None:
        raise NoSecret("the account's secret of that generation is not here")
    return found


async def fetch(device: "Device", blob: BlobKey) -> bytes:
    """
    The content of a body or attachment.

    Raises: ServerFailure, BadBlob, httpx.TransportError.
    """
    reference = BlobReference(BlobId(blob.blob), blob.key, blob.size, blob.hash)
    return await download(device.http, reference)


def _read(answer: dict[str, Any], attestors: Attestors, now_ms: int) -> _Known:
    with reading_answer():
        attested = Attested(b64decode(answer["certificate"]), b64decode(answer["signature"]))
        ended = answer["revocation"]
        revocation = ended and Attested(
            b64decode(ended["revocation"]), b64decode(ended["signature"])
        )
    certificate = attestors.open(partial(open_certificate, attested))
    revoked_at_ms = 0
    if revocation:
        found = attestors.open(partial(open_revocation, revocation))
        if found.gateway != certificate.gateway:
            raise BadAnswer("the revocation of another gateway")
        revoked_at_ms = found.revoked_at_ms
    return _Known(certificate, revoked_at_ms, now_ms)
