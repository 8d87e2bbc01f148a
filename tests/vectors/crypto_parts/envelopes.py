"""Headers and envelopes."""

from typing import Any

import msgpack

from lien.crypto import envelope, suite
from lien.ids import ChannelId, EnvelopeId, direct_channel
from tests.vectors.crypto_parts.people import ANNE, BRUNO, flip, ident, raw


def envelopes() -> dict[str, Any]:
    channel = direct_channel(ANNE.account, BRUNO.account)
    secret, statement_hash = raw("conversation key"), raw("statement hash")
    fields = (channel, 1, ANNE.account, ANNE.device, EnvelopeId(ident("envelope")))
    header = envelope.Header(*fields, envelope.Kind.MESSAGE)
    text = "Bonjour, le lit 12 est prêt. 🏥"
    contents = {
        "text": envelope.Content.of_text(text, 7, statement_hash),
        "a type of tomorrow": envelope.Content("poll", {"choices": ["a", "b"]}, 8, statement_hash),
    }
    opened: list[dict[str, Any]] = []
    for content in contents.values():
        clear, box = envelope.seal_envelope(header, content, secret, ANNE.key)
        opened.append(
            {
                "header": clear,
                "sealed": box,
                "key": secret,
                "device_public": ANNE.key.public,
                "type": content.type,
                "body": dict(content.body),
                "counter": content.counter,
                "statement_hash": content.statement_hash,
            }
        )
    notice = envelope.Header(
        ChannelId("i" + ANNE.account), 0, ANNE.account, None, fields[4], envelope.Kind.NOTICE
    )
    headers = [(one, envelope.encode_header(one)) for one in (header, notice)]
    return {
        "headers": [
            {
                "bytes": data,
                "fields": [
                    *(one.channel, one.epoch, one.account, one.device, one.envelope),
                    int(one.kind),
                ],
            }
            for one, data in headers
        ],
        "header_refused": headers_refused(envelope.encode_header(header)),
        "envelopes": opened,
        "envelope_refused": envelopes_refused(opened[0], header, secret, statement_hash),
    }


def headers_refused(header: bytes) -> list[dict[str, Any]]:
    refused: list[dict[str, Any]] = []
    changes: list[tuple[str, int, object]] = [
        ("another version", 0, 2),
        ("a channel that is none", 1, "x" + ident("x")),
        ("a float epoch", 2, 1.0),
        ("epoch 0 of a message", 2, 0),
        ("an account that is none", 3, ""),
        ("no device in a message", 4, ""),
        ("an id that is none", 5, "A" * 21 + "B"),
        ("kind 0", 6, 0),
        ("kind 7", 6, 7),
    ]
    for why, place, value in changes:
        fields = msgpack.unpackb(header)
        fields[place] = value
        refused.append({"why": why, "bytes": msgpack.packb(fields)})
    return refused


def envelopes_refused(
    accepted: dict[str, Any], header: envelope.Header, secret: bytes, statement_hash: bytes
) -> list[dict[str, Any]]:
    clear: bytes = accepted["header"]
    box: bytes = accepted["sealed"]
    good = {"header": clear, "sealed": box, "key": secret, "device_public": ANNE.key.public}
    other = envelope.encode_header(
        envelope.Header(
            header.channel, 2, header.account, header.device, header.envelope, header.kind
        )
    )
    box_key = suite.derive(secret, "lien/v1/envelope", header.channel.encode())

    def inner(*fields: object) -> bytes:
        """Any fields, properly signed, padded and encrypted."""
        content = msgpack.packb(list(fields))
        signed = len(clear).to_bytes(4, "big") + clear + content
        plaintext = ANNE.key.sign("lien/v1/envelope", signed) + content
        return suite.encrypt(box_key, suite.pad(plaintext), clear)

    text = {"text": "x"}
    unpadded = suite.encrypt(box_key, b"\0\0\0\1x", clear)
    return [
        {"why": "another header", "code": "bad_seal", **good, "header": other},
        {"why": "another key", "code": "bad_seal", **good, "key": flip(secret)},
        {"why": "another device", "code": "bad_seal", **good, "device_public": BRUNO.key.public},
        {"why": "changed", "code": "bad_seal", **good, "sealed": flip(box)},
        {"why": "padded wrongly", "code": "bad_seal", **good, "sealed": unpadded},
        {"why": "too long", "code": "bad_envelope", **good, "sealed": box + bytes(60_000)},
        {
            "why": "a missing field",
            "code": "bad_envelope",
            **good,
            "sealed": inner(1, "text", text, 1),
        },
        {
            "why": "counter 0",
            "code": "bad_envelope",
            **good,
            "sealed": inner(1, "text", text, 0, statement_hash),
        },
        {
            "why": "a body that is no map",
            "code": "bad_envelope",
            **good,
            "sealed": inner(1, "text", ["x"], 1, statement_hash),
        },
        {
            "why": "a text that is not text",
            "code": "bad_envelope",
            **good,
            "sealed": inner(1, "text", {"text": 1}, 1, statement_hash),
        },
        {
            "why": "a text too long",
            "code": "bad_envelope",
            **good,
            "sealed": inner(1, "text", {"text": "x" * 16_001}, 1, statement_hash),
        },
    ]
