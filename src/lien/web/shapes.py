"""JSON Schemas (2020-12) of what the HTTP door takes and gives, for the OpenAPI document."""

from typing import Any, Final

from lien.accounts import MAX_APPENDED, MAX_CREDENTIAL_ID_CHARS
from lien.crypto.account import WRAPPED_BYTES
from lien.crypto.audit_key import MAX_AUDIT_KEY_BYTES
from lien.crypto.chain import MAX_LINK_BYTES, MAX_LINKS
from lien.crypto.conversation_key import SEALED_KEY_BYTES
from lien.crypto.envelope import MAX_HEADER_BYTES, MAX_SEALED_BYTES
from lien.crypto.gateway import MAX_CERTIFICATE_BYTES
from lien.crypto.signing import SIGNATURE_BYTES
from lien.crypto.statement import MAX_MEMBERS, MAX_STATEMENT_BYTES
from lien.crypto.trace import MAX_NOTE_BYTES

Shape = dict[str, Any]

MAX_INTEGER: Final = 2**53 - 1


def obj(**names: Shape) -> Shape:
    """An object with exactly these names."""
    return {
        "type": "object",
        "properties": names,
        "required": list(names),
        "additionalProperties": False,
    }


def listing(item: Shape, most: int | None = None) -> Shape:
    """A list."""
    return {"type": "array", "items": item} | ({} if most is None else {"maxItems": most})


def mapping(value: Shape, most: int) -> Shape:
    """An object used as a table, by account."""
    names = {"type": "string", "pattern": ID["pattern"]}
    return {
        "type": "object",
        "propertyNames": names,
        "additionalProperties": value,
        "maxProperties": most,
    }


def text(most: int | None = None, least: int = 0) -> Shape:
    """Printable text."""
    return {"type": "string", "minLength": least} | ({} if most is None else {"maxLength": most})


def number(least: int = 0, most: int = MAX_INTEGER) -> Shape:
    """A whole number."""
    return {"type": "integer", "minimum": least, "maximum": most}


def blob(*, exactly: int | None = None, most: int = 0) -> Shape:
    """Bytes as unpadded base64url."""
    fewest, longest = (1, most) if exactly is None else (exactly, exactly)
    return {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]*$",
        "minLength": _chars(fewest),
        "maxLength": _chars(longest),
        "contentEncoding": "base64url",
    }


def maybe(shape: Shape) -> Shape:
    """The shape, or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def ref(name: str) -> Shape:
    """One of `COMPONENTS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def _chars(count: int) -> int:
    return (count * 4 + 2) // 3


ANY_OBJECT: Final[Shape] = {"type": "object"}
TRUTH: Final[Shape] = {"type": "boolean"}
NOTHING: Final[Shape] = obj()
ID: Final[Shape] = {"type": "string", "pattern": "^[A-Za-z0-9_-]{21}[AQgw]$"}
CHANNEL: Final[Shape] = {"type": "string", "pattern": "^[cdi][A-Za-z0-9_-]{21}[AQgw]$"}
RPPS: Final[Shape] = {"type": "string", "pattern": "^[0-9]{11}$"}
PASSKEY: Final[Shape] = text(MAX_CREDENTIAL_ID_CHARS, 1)
WRAPPER: Final[Shape] = text(len("passkey:") + MAX_CREDENTIAL_ID_CHARS, 1)
GENERATION: Final[Shape] = number(1, MAX_LINKS)
SIGNATURE: Final[Shape] = blob(exactly=SIGNATURE_BYTES)
WRAPPED: Final[Shape] = blob(exactly=WRAPPED_BYTES)
SEALED_KEY: Final[Shape] = blob(exactly=SEALED_KEY_BYTES)
STATEMENT: Final[Shape] = blob(most=MAX_STATEMENT_BYTES)
LABEL: Final[Shape] = text(128)
AUDIT_KEY: Final[Shape] = blob(most=MAX_AUDIT_KEY_BYTES)
CERTIFICATE: Final[Shape] = blob(most=MAX_CERTIFICATE_BYTES)
_TRACE_KIND: Final[Shape] = {"enum": ["opened", "shared", "saved", "joined", "separated"]}

COMPONENTS: Final[dict[str, Shape]] = {
    "Error": obj(error=obj(code=text(64, 1), retry_after_ms=number())),
    "Professional": obj(
        rpps=RPPS,
        family_name=text(),
        given_name=text(),
        civility=text(),
        profession_code=text(),
        profession=text(),
        specialities=listing(text()),
        category=text(1),
        activities=listing(obj(structure=text(), commune=text(), postcode=text(), mode=text())),
        account=maybe(ID),
    ),
    "Session": obj(
        session=ID,
        account=ID,
        device=ID,
        server_at_ms=number(),
        idle_ends_at_ms=number(),
        ends_at_ms=number(),
    ),
    "Event": obj(
        number=number(1),
        at_ms=number(),
        kind=text(),
        by=text(),
        subject=text(),
        note=text(),
    ),
    "Link": obj(link=blob(most=MAX_LINK_BYTES), signature=SIGNATURE),
    "NewDevice": obj(
        link=blob(most=MAX_LINK_BYTES), signature=SIGNATURE, label=LABEL, proof=SIGNATURE
    ),
    "NewAccount": obj(
        link=blob(most=MAX_LINK_BYTES),
        signature=SIGNATURE,
        label=LABEL,
        proof=SIGNATURE,
        situation=maybe(number(0, 31)),
    ),
    "NewGuest": obj(
        link=blob(most=MAX_LINK_BYTES),
        signature=SIGNATURE,
        label=LABEL,
        proof=SIGNATURE,
        acceptance=SIGNATURE,
    ),
    "Sponsorship": obj(
        invitation=ID,
        family_name=text(),
        given_name=text(),
        role=text(),
        given_at_ms=number(),
        ends_at_ms=number(),
        state={"enum": ["waiting", "accepted", "expired", "ended"]},
        account=maybe(ID),
    ),
    "Guest": obj(
        account=ID,
        family_name=text(),
        given_name=text(),
        role=text(),
        ends_at_ms=number(),
        sponsor=maybe(obj(family_name=text(), given_name=text(), profession_code=text())),
    ),
    "Invited": obj(
        family_name=text(),
        given_name=text(),
        role=text(),
        ends_at_ms=number(),
        sponsor=maybe(obj(family_name=text(), given_name=text(), profession_code=text())),
    ),
    "Situation": obj(
        profession_code=text(),
        profession=text(),
        category=text(1),
        structure=text(),
        commune=text(),
        postcode=text(),
        mode=text(),
    ),
    "VaultEntry": obj(wrapper=WRAPPER, generation=GENERATION, wrapped=WRAPPED),
    "Earlier": obj(generation=GENERATION, wrapped=WRAPPED),
    "Passkey": obj(passkey=PASSKEY, label=LABEL, created_at_ms=number(), used_at_ms=number()),
    "Device": obj(device=ID, label=LABEL, added_at_ms=number(), seen_at_ms=number(), revoked=TRUTH),
    "Epoch": obj(
        statement=STATEMENT, signature=SIGNATURE, offset=number(1), sealed_key=maybe(SEALED_KEY)
    ),
    "NewEpoch": obj(
        statement=STATEMENT, signature=SIGNATURE, sealed_keys=mapping(SEALED_KEY, MAX_MEMBERS)
    ),
    "Recipient": obj(rpps=RPPS, known=TRUTH, name=text(), profession=text(), account=maybe(ID)),
    "Delivery": obj(header=blob(most=MAX_HEADER_BYTES), sealed=blob(most=MAX_SEALED_BYTES)),
    "Delivered": obj(
        code=maybe(text(64, 1)), incarnation=number(), offset=number(), at_ms=number()
    ),
    "NewTrace": obj(
        kind=_TRACE_KIND,
        generation=GENERATION,
        note=blob(most=MAX_NOTE_BYTES),
        audit=maybe(obj(key=text(22), note=blob(most=MAX_NOTE_BYTES))),
    ),
    "Trace": obj(
        number=number(1),
        at_ms=number(),
        kind=_TRACE_KIND,
        document=ID,
        device=ID,
        generation=GENERATION,
        note=blob(most=MAX_NOTE_BYTES),
    ),
    "NewLinks": obj(
        links=listing(ref("Link"), MAX_APPENDED),
        earlier=listing(ref("Earlier"), MAX_APPENDED),
        vault=listing(ref("VaultEntry"), 32),
    ),
}
