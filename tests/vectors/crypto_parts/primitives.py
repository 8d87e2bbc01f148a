"""Derivation, encryption, padding, sealing, and MessagePack."""

from typing import Any

import msgpack

from lien.crypto import suite
from lien.crypto.sealing import SealingKey, seal
from tests.vectors.crypto_parts.people import flip, raw


def primitives() -> dict[str, Any]:
    box = suite.encrypt(raw("key"), b"plain", b"aad")
    padded = suite.pad(b"abc")
    sizes = [0, 1, 255, 256, 257, 300, 511, 512, 513, 1000, 1024, 1025, 9999, 16384, 59959, 60000]
    return {
        "hash": [{"input": value, "output": suite.hash32(value)} for value in (b"", b"abc")],
        "derive": [
            {
                "secret": raw("secret"),
                "label": label,
                "context": context,
                "length": length,
                "output": suite.derive(raw("secret"), label, context, length),
            }
            for label, context, length in (
                ("lien/v1/test", b"", 32),
                ("lien/v1/test", b"context", 32),
                ("lien/v1/other", b"", 64),
            )
        ],
        "decrypt": [{"key": raw("key"), "aad": b"aad", "box": box, "plaintext": b"plain"}],
        "decrypt_refused": [
            {"why": why, "key": secret, "aad": aad, "box": bad}
            for why, secret, aad, bad in (
                ("another key", raw("other"), b"aad", box),
                ("another aad", raw("key"), b"aae", box),
                ("a changed tag", raw("key"), b"aad", flip(box)),
                ("a changed nonce", raw("key"), b"aad", flip(box, 0)),
                ("cut short", raw("key"), b"aad", box[:39]),
                ("nothing", raw("key"), b"aad", b""),
            )
        ],
        "padded_sizes": [[size, suite.padded_size(size)] for size in sizes],
        "pad": [{"plaintext": value, "padded": suite.pad(value)} for value in (b"", b"abc")],
        "unpad_refused": [
            {"why": "a size not in the set", "padded": padded + b"\0"},
            {"why": "longer than it needs", "padded": padded + bytes(16)},
            {"why": "padding that is not zero", "padded": flip(padded)},
            {"why": "a length that does not fit", "padded": b"\0\0\1\0" + padded[4:]},
            {"why": "a length of four gigabytes", "padded": b"\xff\xff\xff\xff" + padded[4:]},
            {"why": "too short for a length", "padded": b"\0\0\0"},
            {"why": "nothing", "padded": b""},
        ],
    }


def sealed() -> dict[str, Any]:
    sealing = SealingKey.from_seed(raw("sealing"))
    public, label, aad = sealing.public, "lien/v1/test", b"aad"
    box = seal(public, b"plain", label, aad)
    refused = {
        "another label": (box, "lien/v1/tesu", aad),
        "another aad": (box, label, b"aae"),
        "a byte moved into the label": (box, label + "a", b"ad"),
        "a changed tag": (flip(box), label, aad),
        "a changed ML-KEM ciphertext": (flip(box, 0), label, aad),
        "a changed point": (flip(box, 1100), label, aad),
        "a point of small order": (box[:1088] + bytes(32) + box[1120:], label, aad),
        "cut short": (box[:1135], label, aad),
    }
    return {
        "open": [
            {
                "seed": raw("sealing"),
                "public": public,
                "label": label,
                "aad": aad,
                "box": box,
                "plaintext": b"plain",
            }
        ],
        "open_refused": [
            {"why": why, "seed": raw("sealing"), "box": bad, "label": text, "aad": data}
            for why, (bad, text, data) in refused.items()
        ],
        "sealing_public_refused": [
            {"why": "a coefficient of 3,329", "public": b"\x01\x0d" + public[2:]},
            {"why": "a second coefficient too high", "public": b"\0\0\xff" + public[3:]},
            {"why": "a point of small order", "public": public[:1184] + bytes(32)},
            {"why": "the same with the high bit", "public": public[:1184] + bytes(31) + b"\x80"},
            {"why": "cut short", "public": public[:1215]},
            {"why": "too long", "public": public + b"\0"},
        ],
    }


def structures() -> dict[str, Any]:
    read: list[Any] = [
        [1, 0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**53 - 1],
        [1, "", "é\u202e\u200b\ufeff", "a" * 31, "a" * 32, "b" * 255, "\ufeff" + "c" * 300],
        [1, {"text": "x", "list": [True, False, None]}, [[]] * 16],
        [1, [[[[[[1]]]]]]],
    ]
    refused: dict[str, bytes] = {
        "nothing": b"",
        "trailing bytes": b"\x91\x01\x00",
        "cut short": b"\x92\x01",
        "a longer integer": b"\x91\xcc\x01",
        "a longer 16-bit integer": b"\x92\x01\xcd\x00\xff",
        "a longer 32-bit integer": b"\x92\x01\xce\x00\x00\xff\xff",
        "a longer 64-bit integer": b"\x92\x01\xcf\x00\x00\x00\x00\xff\xff\xff\xff",
        "a longer text": b"\x92\x01\xd9\x01a",
        "a longer blob": b"\x92\x01\xc5\x00\x01a",
        "a longer array": b"\xdc\x00\x01\x01",
        "a longer map": b"\x92\x01\xde\x00\x01\xa1a\x01",
        "a 32-bit array": b"\xdd\x00\x00\x00\x01\x01",
        "an array claiming four gigabytes": b"\xdd\xff\xff\xff\xff",
        "a blob claiming four gigabytes": b"\x92\x01\xc6\xff\xff\xff\xff",
        "2^53": b"\x92\x01" + msgpack.packb(2**53),
        "2^64 - 1": b"\x92\x01" + msgpack.packb(2**64 - 1),
        "a negative number": b"\x92\x01\xff",
        "a float that is whole": b"\x92\x01" + msgpack.packb(1.0),
        "not a number": b"\x92\x01" + msgpack.packb(float("nan")),
        "an extension": b"\x92\x01\xd4\x01\x00",
        "a timestamp": b"\x92\x01\xd6\xff\x00\x00\x00\x00",
        "invalid UTF-8": b"\x92\x01\xa1\xff",
        "half a character": b"\x92\x01\xa3\xed\xa0\x80",
        "an overlong character": b"\x92\x01\xa2\xc0\x80",
        "a map key twice": b"\x92\x01\x82\xa1a\x01\xa1a\x02",
        "a map key that is a number": b"\x92\x01\x81\x01\x01",
        "a map key that is an index": b"\x92\x01\x81\xa11\x01",
        "a map key of a prototype": b"\x92\x01\x81\xa9__proto__\x01",
        "nine levels": b"\x91" * 8 + b"\x01",
        "a thousand levels": b"\x91" * 1020 + b"\x01",
        "513 items": b"\x92\x01" + msgpack.packb([0] * 513),
        "33 keys": b"\x92\x01"
        + msgpack.packb({chr(97 + n // 26) + chr(97 + n % 26): 0 for n in range(33)}),
        "reserved": b"\x92\x01\xc1",
    }
    return {
        "structure_read": [{"value": value, "bytes": msgpack.packb(value)} for value in read],
        "structure_refused": [{"why": why, "bytes": data} for why, data in refused.items()],
    }
