"""
Write tests/vectors/contents.json: `python -m tests.vectors.make_contents`.

Bodies as the hexadecimal of their MessagePack. `read` are read and written back to the same
bytes by every language, `newer` are of a version that none knows yet, `refused` break a bound.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack

from lien.crypto.contents import (
    ABSENT,
    DUTY,
    USUAL,
    Availability,
    Delete,
    Edit,
    Intent,
    Item,
    Media,
    Patient,
    Reaction,
    Said,
    Settings,
    SharedDocument,
    Taken,
    Target,
    Text,
    encode_said,
)
from lien.ids import BlobId, DocumentId, EnvelopeId
from tests.vectors.crypto_parts.people import ANNE, BRUNO, ident, raw

TARGET = Target(ANNE.device, EnvelopeId(ident("envelope")))
WIRE_TARGET = list(TARGET)
NOW_MS = 1_790_000_000_000
HOUR_MS = 3_600_000
PATIENT = Patient("PAYET FICTIF", "Jeanne", "1951-03-12", "F")

PHOTOGRAPH = Item(BlobId(ident("photograph")), raw("blob key"), 183_000, raw("hash"), "image/webp")
WARD_PHOTOGRAPH = replace(PHOTOGRAPH, width=1600, height=1200, thumbnail=b"RIFF" * 500)
VOICE = Item(
    *(BlobId(ident("voice")), raw("voice key"), 21_000, raw("voice hash"), "audio/webm"),
    duration_ms=7_400,
    waveform=bytes(range(0, 256, 4)),
)
REPORT = Item(
    *(BlobId(ident("report")), raw("report key"), 2**30, raw("report hash"), "application/pdf"),
    name="Compte rendu fictif.pdf",
)

SHARED = SharedDocument((REPORT,), "pdf", DocumentId(ident("document")), "imaging", PATIENT)

READ: tuple[tuple[str, Said], ...] = (
    ("a text", Text("Bonjour, le lit 12 est prêt. 🏥")),
    ("a text of nothing", Text("")),
    (
        "a text with everything",
        Text(
            "@Bruno, peux-tu passer ?",
            TARGET,
            (BRUNO.account, ANNE.account),
            Intent("answer", 1_790_000_000_000),
            is_forwarded=True,
        ),
    ),
    ("an urgent text", Text("Chute au lit 4", intent=Intent("urgent"))),
    ("an edit", Edit(TARGET, "Bonsoir", (BRUNO.account,))),
    ("a delete", Delete(TARGET)),
    ("a reaction", Reaction(TARGET, "👍🏽")),
    ("a reaction of a family", Reaction(TARGET, "👨‍👩‍👧‍👦")),
    ("a reaction taken back", Reaction(TARGET, "")),
    ("taken in charge", Taken(TARGET)),
    ("given back", Taken(TARGET, is_released=True)),
    ("a patient", Settings(patient=PATIENT, has_patient=True)),
    (
        "a patient with everything, said again",
        Settings(
            patient=Patient(
                *("PAYET FICTIF", "Jeanne", "1951-00-00", "U", "HOARAU FICTIF"),
                *("1.2.250.1.213.1.4.10", "251039741100195"),
            ),
            has_patient=True,
            since=41,
        ),
    ),
    ("no patient", Settings(has_patient=True)),
    ("a photograph", Media((PHOTOGRAPH,))),
    ("a voice", Media((VOICE,))),
    (
        "photographs and a file with everything",
        Media(
            (WARD_PHOTOGRAPH, REPORT),
            "Talon droit, jour 3",
            "Talon droit",
            "oral",
            TARGET,
            (BRUNO.account,),
            Intent("urgent"),
            is_forwarded=True,
        ),
    ),
    ("a document", SHARED),
    (
        "a document with everything",
        replace(
            SHARED,
            items=(REPORT, replace(PHOTOGRAPH, name="image-1")),
            form="html",
            title="Radiographie du thorax",
            date="2026-11-23T14:05:00+04:00",
            version=2,
            authors=("Marie FICTIF-PAYET", "Paul FICTIF-ROBERT"),
            structure="CHU FICTIF",
            sender="CHU FICTIF, comptes rendus",
        ),
    ),
    ("a picture", Settings(picture=b"\xff\xd8\xff")),
    ("no picture", Settings(picture=b"")),
    ("a week", Settings(retention_days=7)),
    ("on duty", Availability(DUTY, NOW_MS, NOW_MS + HOUR_MS)),
    ("absent, with whom to turn to", Availability(ABSENT, NOW_MS, NOW_MS + HOUR_MS, BRUNO.account)),
    ("as usual", Availability(USUAL, NOW_MS)),
)

NEWER: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("a type of tomorrow", "poll", {"choices": ["a", "b"]}),
    ("a text with more", "text", {"text": "x", "mood": 1}),
    ("media with more", "media", {"items": [PHOTOGRAPH.body()], "mood": 1}),
    ("an item with more", "media", {"items": [{**PHOTOGRAPH.body(), "depth": 3}]}),
    ("a document with more", "document", {**SHARED.body(), "mood": 1}),
    ("settings of tomorrow", "settings", {"colour": "blue"}),
    ("an availability with more", "availability", {**Availability(USUAL, 1).body(), "why": "x"}),
    (
        "a patient with more",
        "settings",
        {
            "patient": {
                "birth_name": "X",
                "first_name": "",
                "birth_date": "",
                "sex": "U",
                "shoes": 1,
            }
        },
    ),
)


def refused() -> list[tuple[str, str, dict[str, object]]]:
    patient = PATIENT.body()
    return [
        ("a text without text", "text", {}),
        ("a text that is a number", "text", {"text": 1}),
        ("a text too long", "text", {"text": "x" * 16_001}),
        ("a target of one", "text", {"text": "x", "reply_to": WIRE_TARGET[:1]}),
        ("a target that is no id", "text", {"text": "x", "reply_to": ["a", "b"]}),
        ("a target that is a map", "delete", {"target": {"device": ANNE.device}}),
        ("no mention", "text", {"text": "x", "mentions": []}),
        ("a mention twice", "text", {"text": "x", "mentions": [ANNE.account] * 2}),
        ("51 mentions", "text", {"text": "x", "mentions": [ident(str(n)) for n in range(51)]}),
        ("a mention that is no id", "text", {"text": "x", "mentions": [7]}),
        ("an unknown intent", "text", {"text": "x", "intent": ["soon"]}),
        ("an answer without a time", "text", {"text": "x", "intent": ["answer"]}),
        ("an urgent with a time", "text", {"text": "x", "intent": ["urgent", 1]}),
        ("an answer by 0", "text", {"text": "x", "intent": ["answer", 0]}),
        ("forwarded false", "text", {"text": "x", "forwarded": False}),
        ("an edit to nothing", "edit", {"target": WIRE_TARGET, "text": ""}),
        ("an edit of nothing", "edit", {"text": "x"}),
        ("a reaction in words", "reaction", {"target": WIRE_TARGET, "emoji": "bravo"}),
        ("a reaction too long", "reaction", {"target": WIRE_TARGET, "emoji": "👍" * 17}),
        ("a reaction of a space", "reaction", {"target": WIRE_TARGET, "emoji": "\u00a0"}),
        ("taken, not released", "taken", {"target": WIRE_TARGET, "released": False}),
        *_refused_media(),
        *_refused_availability(),
        *_refused_documents(),
        ("settings of nothing", "settings", {"since": 3}),
        ("settings since 0", "settings", {"picture": b"", "since": 0}),
        ("0 days", "settings", {"retention_days": 0}),
        ("367 days", "settings", {"retention_days": 367}),
        ("a picture too big", "settings", {"picture": bytes(16_385)}),
        ("a patient without a name", "settings", {"patient": {**patient, "birth_name": ""}}),
        ("a patient born one day", "settings", {"patient": {**patient, "birth_date": "12/03"}}),
        ("a patient of sex X", "settings", {"patient": {**patient, "sex": "X"}}),
        ("a number of no kind", "settings", {"patient": {**patient, "matricule": "2" * 15}}),
        ("a kind of no number", "settings", {"patient": {**patient, "oid": "1.2"}}),
    ]


def _refused_media() -> list[tuple[str, str, dict[str, object]]]:
    item = PHOTOGRAPH.body()
    blob = [ident("photograph"), raw("blob key"), 1, raw("hash")]
    big = [
        {**item, "blob": [ident(str(number)), *blob[1:]], "thumbnail": bytes(24_576)}
        for number in range(2)
    ]
    bodies: tuple[tuple[str, dict[str, object]], ...] = (
        ("media of nothing", {"items": []}),
        ("media without items", {"text": "x"}),
        ("11 items", {"items": [item] * 11}),
        ("a blob twice", {"items": [item, item]}),
        ("an item that is a list", {"items": [[1]]}),
        ("an item without a blob", {"items": [{"media_type": "image/webp"}]}),
        ("a blob of three", {"items": [{**item, "blob": blob[:3]}]}),
        ("a blob of another key", {"items": [{**item, "blob": [blob[0], b"x", *blob[2:]]}]}),
        ("a blob too large", {"items": [{**item, "blob": [*blob[:2], 2**30 + 1, blob[3]]}]}),
        ("a media type of one word", {"items": [{**item, "media_type": "image"}]}),
        ("a media type with more", {"items": [{**item, "media_type": "text/html; x=1"}]}),
        ("a picture of one side", {"items": [{**item, "width": 3}]}),
        ("a side of nothing", {"items": [{**item, "width": 0, "height": 0}]}),
        ("a name of nothing", {"items": [{**item, "name": ""}]}),
        ("a thumbnail of nothing", {"items": [{**item, "thumbnail": b""}]}),
        ("a thumbnail too big", {"items": [{**item, "thumbnail": bytes(24_577)}]}),
        ("thumbnails too big", {"items": big}),
        ("a waveform too long", {"items": [{**item, "waveform": bytes(65)}]}),
        ("a consent of another kind", {"items": [item], "consent": "maybe"}),
        ("a site too long", {"items": [item], "site": "x" * 65}),
    )
    return [(why, "media", body) for why, body in bodies]


def _refused_availability() -> list[tuple[str, str, dict[str, object]]]:
    away = Availability(ABSENT, NOW_MS, NOW_MS + HOUR_MS).body()
    year_ms = 366 * 24 * HOUR_MS
    bodies: tuple[tuple[str, dict[str, object]], ...] = (
        ("an availability of tomorrow", {**away, "state": "busy"}),
        ("an absence without an end", {"state": ABSENT, "since_ms": NOW_MS}),
        ("an absence that ends before", {**away, "until_ms": NOW_MS}),
        ("an absence of more than a year", {**away, "until_ms": NOW_MS + year_ms + 1}),
        ("an absence since 0", {**away, "since_ms": 0}),
        ("as usual, with an end", {**away, "state": USUAL}),
        ("a duty that someone covers", {**away, "state": DUTY, "cover": [BRUNO.account]}),
        ("a cover that is no id", {**away, "cover": ["b"]}),
        ("a cover by two", {**away, "cover": [ANNE.account, BRUNO.account]}),
        ("a cover by nobody", {**away, "cover": []}),
    )
    return [(why, "availability", body) for why, body in bodies]


def _refused_documents() -> list[tuple[str, str, dict[str, object]]]:
    whole, item = SHARED.body(), REPORT.body()
    bodies: tuple[tuple[str, dict[str, object]], ...] = (
        ("a document of nothing", {"items": []}),
        ("a document of a form that runs", {"form": "exe"}),
        ("a document that is no id", {"document": "x"}),
        ("a document of no family", {"family": ""}),
        ("a document of nobody", {"patient": None}),
        ("a title of nothing", {"title": ""}),
        ("a title too long", {"title": "x" * 501}),
        ("a version 0", {"version": 0}),
        ("nine authors", {"authors": ["x"] * 9}),
        ("an author of no name", {"authors": [""]}),
        ("a page twice", {"items": [item, item]}),
    )
    return [(why, "document", {**whole, **body}) for why, body in bodies]


def _hex(body: dict[str, object]) -> str:
    return bytes(msgpack.packb(body, use_bin_type=True)).hex()


def main() -> None:
    vectors: dict[str, list[dict[str, Any]]] = {
        "read": [
            {"why": why, "type": kind, "body": _hex(body)}
            for why, (kind, body) in ((why, encode_said(said)) for why, said in READ)
        ],
        "newer": [{"why": why, "type": kind, "body": _hex(body)} for why, kind, body in NEWER],
        "refused": [
            {"why": why, "type": kind, "body": _hex(body)} for why, kind, body in refused()
        ],
    }
    path = Path(__file__).with_name("contents.json")
    path.write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
