"""
Write tests/vectors/documents.json: `python -m tests.vectors.make_documents`.

Gateways, documents and notes of traces, in the form of crypto.json: keys and identifiers are
fixed, encapsulations are random, bytes are hexadecimal, an entry of `…_refused` says why.
"""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final

import msgpack

from lien.crypto import audit_key, document, gateway, suite, trace
from lien.crypto.document_content import Document, encode_content
from lien.crypto.filing import (
    Action,
    Author,
    BlobKey,
    Filing,
    LocalId,
    Page,
    Part,
    Patient,
    Reader,
    Structure,
)
from lien.crypto.sealing import SealingKey, seal
from lien.ids import DocumentId, GatewayId, RppsNumber
from tests.vectors.crypto_parts.people import ANNE, AT_MS, ATTESTOR, BRUNO, flip, ident, key, raw
from tests.vectors.make_crypto import hexed

GATEWAY: Final = GatewayId(ident("gateway"))
GATEWAY_KEY: Final = key("gateway key")
YEAR_MS: Final = 365 * 86_400_000
ID_KEY: Final = raw("document id key")
SOURCE: Final = "1.2.250.1.213.9.1^CR-2026-0042"


def named(value: Any) -> Any:
    """A value as names and values, the way a reader of another language would write it."""
    if is_dataclass(value):
        return {each.name: named(getattr(value, each.name)) for each in fields(value)}
    if hasattr(value, "_asdict"):
        return {name: named(each) for name, each in value._asdict().items()}
    return [named(each) for each in value] if isinstance(value, list | tuple) else value


def blob(name: str, size: int) -> BlobKey:
    return BlobKey(ident(f"{name} blob"), raw(f"{name} blob key"), size, raw(f"{name} blob hash"))


def a_document() -> Document:
    return Document(
        action=Action.NEW,
        document=document.document_id(ID_KEY, SOURCE),
        set=document.document_id(ID_KEY, "1.2.250.1.213.9.1^SET-0042"),
        version=1,
        replaces=(),
        filing=Filing(
            "imaging",
            "18748-4",
            "2.16.840.1.113883.6.1",
            "Radiographie du thorax, façade",
            "2026-11-23T14:05:00+04:00",
            "N",
        ),
        patient=Patient(
            "1.2.250.1.213.1.4.8",
            "185039741102565",
            "qualified",
            "FICTIF-GRONDIN",
            "JEAN-BAPTISTE MARIE",
            "JEAN-BAPTISTE",
            "FICTIF-GRONDIN",
            "Jean",
            "M",
            "1985-03-14",
            "97411",
            (LocalId("1.2.250.1.213.9.1", "IPP-4711"),),
        ),
        authors=(Author(RppsNumber("99000000018"), "FICTIF-PAYET", "Marie", "G15_10/SM44"),),
        structure=Structure("1970000001", "CHU FICTIF"),
        readers=(
            Reader(RppsNumber("99000000026"), "FICTIF-HOARAU Line", "Médecin"),
            Reader(RppsNumber("99000000034"), "FICTIF-ROBERT Paul", "Infirmier"),
        ),
        body=Page("pdf", "application/pdf", blob("body", 204_800)),
        attachments=(Part("image-1", "image/jpeg", blob("image", 51_200)),),
        sealed_at_ms=AT_MS,
    )


def gateways() -> dict[str, Any]:
    certificate = gateway.Certificate(
        GATEWAY,
        GATEWAY_KEY.public,
        "CHU FICTIF, comptes rendus",
        "970000001",
        AT_MS,
        AT_MS + YEAR_MS,
    )
    attested = gateway.certify(certificate, ATTESTOR)
    revocation = gateway.Revocation(GATEWAY, AT_MS + 86_400_000)
    revoked = gateway.revoke(revocation, ATTESTOR)

    def changed(place: int, value: object) -> dict[str, Any]:
        values = msgpack.unpackb(attested.data)
        values[place] = value
        data = msgpack.packb(values)
        return {"bytes": data, "signature": ATTESTOR.sign(gateway.CERTIFICATE_LABEL, data)}

    good = {"bytes": attested.data, "signature": attested.signature}
    code, body = raw("registration code", 16), b'{"numbers":["99000000026"]}'
    path = "/api/gateway/recipients?x=1"
    return {
        "attestor_public": ATTESTOR.public,
        "certificates": [{**good, "fields": named(certificate)}],
        "certificate_refused": [
            {"why": "changed", **good, "signature": flip(attested.signature)},
            {"why": "of another attestor", **good, "attestor_public": BRUNO.key.public},
            {"why": "another version", **changed(0, 2)},
            {"why": "a gateway that is none", **changed(1, "x")},
            {"why": "a weak key", **changed(2, bytes(32))},
            {"why": "no name", **changed(3, "")},
            {"why": "a name too long", **changed(3, "x" * 129)},
            {"why": "ends before it begins", **changed(6, AT_MS - 1)},
        ],
        "revocations": [
            {"bytes": revoked.data, "signature": revoked.signature, "fields": named(revocation)}
        ],
        "registrations": [
            {
                "code": code,
                "gateway": GATEWAY,
                "public": GATEWAY_KEY.public,
                "fingerprint": gateway.fingerprint(ATTESTOR.public),
                "proof": gateway.prove_registration(GATEWAY_KEY, code, GATEWAY),
            }
        ],
        "gateway_requests": [
            {
                "gateway": GATEWAY,
                "public": GATEWAY_KEY.public,
                "method": "POST",
                "path": path,
                "at_ms": AT_MS,
                "body": body,
                "signature": gateway.prove_gateway_request(
                    GATEWAY_KEY, GATEWAY, "POST", path, AT_MS, body
                ),
            }
        ],
    }


def documents() -> dict[str, Any]:
    first = a_document()
    second = replace(
        first,
        action=Action.REPLACE,
        document=document.document_id(ID_KEY, f"{SOURCE}-2"),
        version=2,
        replaces=(first.document,),
    )
    gone = replace(second, action=Action.WITHDRAW, body=None, attachments=())
    bare = replace(
        first,
        set=None,
        version=0,
        filing=Filing("other", "X", "", "", "", ""),
        patient=Patient(),
        authors=(),
        structure=Structure(),
        readers=(),
        attachments=(),
    )
    return {
        "document_ids": [{"key": ID_KEY, "source": SOURCE, "document": first.document}],
        "documents": [opened(each) for each in (first, second, gone, bare)],
        "document_refused": refused(first),
    }


def opened(value: Document) -> dict[str, Any]:
    header = document.delivery_header(GATEWAY, value, ANNE.account, 1)
    clear, sealed = document.seal_document(header, value, GATEWAY_KEY, ANNE.secret.sealing.public)
    return {
        "header": clear,
        "sealed": sealed,
        "secret": ANNE.secret.to_bytes(),
        "gateway_public": GATEWAY_KEY.public,
        "content": named(value),
    }


def refused(value: Document) -> list[dict[str, Any]]:
    good = opened(value)
    del good["content"]
    clear: bytes = good["header"]
    content = msgpack.unpackb(encode_content(value))

    def sealed(data: bytes, signed: Callable[[bytes], bytes]) -> bytes:
        message = signed(len(clear).to_bytes(4, "big") + clear + data) + data
        return seal(ANNE.secret.sealing.public, suite.pad(message), document.LABEL, clear)

    def changed(place: int, change: object) -> bytes:
        values = list(content)
        values[place] = change
        return sealed(msgpack.packb(values), lambda x: GATEWAY_KEY.sign(document.LABEL, x))

    def inner(place: int, inner_place: int, change: object) -> bytes:
        values = list(content[place])
        values[inner_place] = change
        return changed(place, values)

    other = msgpack.unpackb(clear)
    other[2] = 2
    notice = msgpack.unpackb(clear)
    notice[6] = 1
    stranger = msgpack.unpackb(clear)
    stranger[3] = BRUNO.account
    by_anne = sealed(msgpack.packb(content), lambda x: ANNE.key.sign(document.LABEL, x))
    author = [["123", "a", "b", ""]]
    bad = "bad_document"
    return [
        {"why": "another header", "code": "bad_seal", **good, "header": msgpack.packb(other)},
        {"why": "another kind", "code": bad, **good, "header": msgpack.packb(notice)},
        {"why": "another's inbox", "code": bad, **good, "header": msgpack.packb(stranger)},
        {"why": "changed", "code": "bad_seal", **good, "sealed": flip(good["sealed"])},
        {
            "why": "another secret",
            "code": "bad_seal",
            **good,
            "secret": BRUNO.secret.to_bytes(),
        },
        {"why": "signed by another", "code": "bad_seal", **good, "sealed": by_anne},
        {"why": "too long", "code": bad, **good, "sealed": bytes(60_001)},
        {"why": "another version", "code": bad, **good, "sealed": changed(0, 2)},
        {"why": "an unknown action", "code": bad, **good, "sealed": changed(1, "burn")},
        {"why": "no id", "code": bad, **good, "sealed": changed(2, "")},
        {"why": "replaces too many", "code": bad, **good, "sealed": changed(5, [content[2]] * 17)},
        {"why": "a title too long", "code": bad, **good, "sealed": inner(6, 3, "x" * 501)},
        {"why": "a number without kind", "code": bad, **good, "sealed": inner(7, 0, "")},
        {"why": "a name that is none", "code": bad, **good, "sealed": inner(7, 3, 5)},
        {"why": "an RPPS that is none", "code": bad, **good, "sealed": changed(8, author)},
        {"why": "no body", "code": bad, **good, "sealed": changed(11, None)},
        {"why": "a body without a key", "code": bad, **good, "sealed": inner(11, 2, ["x"])},
        {"why": "a withdrawal with a body", "code": bad, **good, "sealed": changed(1, "withdraw")},
    ]


def traces() -> dict[str, Any]:
    note = trace.Note("Radiographie du thorax", "FICTIF-GRONDIN Jean-Baptiste", "Dr FICTIF-ROBERT")
    about = document.document_id(ID_KEY, SOURCE)
    public = ANNE.secret.sealing.public
    return {
        "traces": [
            {
                "secret": ANNE.secret.to_bytes(),
                "account": ANNE.account,
                "generation": 1,
                "document": about,
                "kind": "shared",
                "note": named(note),
                "sealed": trace.seal_note(note, public, ANNE.account, 1, about, "shared"),
            }
        ],
        **audit(note, about),
    }


def audit(note: trace.Note, about: DocumentId) -> dict[str, Any]:
    controller = SealingKey.from_seed(raw("audit key"))
    attested = audit_key.attest_audit_key(controller.public, ATTESTOR)
    by = (ANNE.account, ANNE.device, about, "shared")
    short = msgpack.packb([1, controller.public[:-1]])
    good = {"bytes": attested.data, "signature": attested.signature}
    return {
        "audit_keys": [
            {
                **good,
                "attestor_public": ATTESTOR.public,
                "public": controller.public,
                "key": audit_key.audit_key_id(controller.public),
            }
        ],
        "audit_key_refused": [
            {
                "why": "one byte less",
                "attestor_public": ATTESTOR.public,
                "bytes": short,
                "signature": ATTESTOR.sign(audit_key.KEY_LABEL, short),
            },
            {"why": "signed by another", "attestor_public": GATEWAY_KEY.public, **good},
        ],
        "audit_notes": [
            {
                "seed": raw("audit key"),
                **dict(zip(("account", "device", "document", "kind"), by, strict=True)),
                "note": named(note),
                "sealed": audit_key.seal_audit_note(note, controller.public, *by),
            }
        ],
    }


def main() -> None:
    vectors = {**gateways(), **documents(), **traces()}
    path = Path(__file__).with_name("documents.json")
    path.write_text(json.dumps(hexed(vectors), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
