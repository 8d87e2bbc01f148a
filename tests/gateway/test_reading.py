"""Every file has one fate: documents, a word on what it is, or one error with its reason."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.gateway import isolation, transfer
from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.reading import MAX_FILE_BYTES, Reading, read
from lien.gateway.routing import Rules, route
from tests.gateway.samples import FIRST, FIXTURES, numbers, routed, sample

NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.suffix != ".pdf")


def refusal(data: bytes, metadata: bytes | None = None) -> Reason:
    with pytest.raises(Unreadable) as refused:
        read(data, metadata)
    return refused.value.reason


def metadata(**changes: Any) -> bytes:
    return json.dumps({**json.loads(sample("report.json")), **changes}).encode()


def test_pdf_with_its_metadata() -> None:
    found = routed(sample("report.pdf"), metadata=sample("report.json"))
    assert numbers(found) == [FIRST]
    assert (found.document.source, found.document.version) == ("pdf", 1)
    assert found.document.structure.name == "PTA FICTIVE"
    assert found.document.authors[0].family_name == "FICTIF-AUTEUR"


@pytest.mark.parametrize(
    "changes",
    [
        {"lien_document": 2},
        {"recipient": []},
        {"version": -1},
        {"version": True},
        {"replaces": "1.2.3"},
        {"flags": "MASQUE_PS"},
        {"patient": []},
        {"patient": {"nom": "FICTIF"}},
        {"patient": {"sex": "H"}},
        {"recipients": "99000000002"},
        {"recipients": ["99000000002"]},
        {"recipients": [{"number": "99000000002"}]},
    ],
)
def test_metadata_is_ours_and_read_strictly(changes: dict[str, Any]) -> None:
    assert refusal(sample("report.pdf"), metadata(**changes)) is Reason.UNREADABLE


def test_number_without_its_kind_is_no_identity() -> None:
    patient = {"matricule": "185039741102565"}
    assert refusal(sample("report.pdf"), metadata(patient=patient)) is Reason.IDENTITY_UNREADABLE


def test_pdf_that_is_none() -> None:
    assert refusal(b"hello", sample("report.json")) is Reason.DAMAGED_CONTENT


def test_metadata_can_mask_and_replace() -> None:
    data = metadata(flags=["MASQUE_PS"], replaces=["1.2.3.4.5.400.0"])
    found = routed(sample("report.pdf"), metadata=data)
    assert (found.document.intent.value, found.reason) == ("replace", Reason.MASKED)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.UNKNOWN_FORMAT),
        (b"hello", Reason.UNKNOWN_FORMAT),
        (b"%PDF-1.4", Reason.NO_METADATA),
        (b"<html/>", Reason.UNKNOWN_FORMAT),
        (b"\x00" * 100, Reason.UNKNOWN_FORMAT),
        (b"a" * (MAX_FILE_BYTES + 1), Reason.TOO_LARGE),
    ],
)
def test_what_is_no_document(data: bytes, reason: Reason) -> None:
    assert refusal(data) is reason


def test_resource_and_metadata_are_said_to_be_what_they_are() -> None:
    assert read(sample("fhir_practitioner.json")) == Reading("FHIR resource Practitioner")
    assert read(sample("report.json")) == Reading("metadata of a PDF")


START = st.sampled_from([b"", b"<", b"{", b"MSH|^~\\&|", b"\x0bMSH|", b"\xef\xbb\xbf<", b"%PDF-"])


@given(START, st.binary(max_size=200))
def test_no_bytes_raise_anything_else(start: bytes, rest: bytes) -> None:
    with suppress(Unreadable):
        read(start + rest)


@given(st.sampled_from(NAMES), st.data())
def test_no_damage_raises_anything_else(name: str, data: st.DataObject) -> None:
    """A good file with some bytes changed: read, routed to nobody or somebody, or refused."""
    whole = bytearray(sample(name))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    with suppress(Unreadable):
        for document in read(bytes(whole)).documents:
            found = route(document, Rules())
            assert bool(found.recipients) != bool(found.reasons)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                """resourceType type entry resource contained identifier content attachment data url
            extension valueReference reference request method name given family subject context
            relatesTo code coding value system parameter part""".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.sampled_from(["Bundle", "DocumentReference"]), JSON)
def test_no_shape_of_a_resource_raises_anything_else(kind: str, value: Any) -> None:
    shape = value if isinstance(value, dict) else {"entry": value, "content": value}
    with suppress(Unreadable):
        read(json.dumps({"type": "transaction", **shape, "resourceType": kind}).encode())


@given(st.dictionaries(st.sampled_from(["patient", "author", "recipients", "flags"]), JSON))
def test_no_shape_of_metadata_raises_anything_else(changes: dict[str, Any]) -> None:
    with suppress(Unreadable):
        read(sample("report.pdf"), metadata(**changes))


@pytest.mark.parametrize("name", NAMES)
def test_reading_survives_the_pipe(name: str) -> None:
    reading = read(sample(name))
    assert transfer.decode(transfer.encode(reading)) == reading


@given(st.binary(max_size=100))
def test_child_that_lies_is_not_believed(data: bytes) -> None:
    with pytest.raises(Unreadable):
        transfer.decode(data)


@pytest.mark.parametrize("name", ["cda_structured.xml", "mdm_t10.er7", "fhir_iti65.json"])
def test_child_reads_the_same(name: str) -> None:
    assert isolation.read(sample(name)) == read(sample(name))


def test_child_says_why_not() -> None:
    with pytest.raises(Unreadable) as refused:
        isolation.read(b"<!DOCTYPE a><a/>")
    assert refused.value.reason is Reason.FORBIDDEN_XML


def test_largest_document_fits_the_childs_memory() -> None:
    text = sample("cda_structured.xml").decode()
    filled = text.replace("Aucune connue", "é<br/>a" * 100_000 + "b" * 18_000_000)
    (document,) = isolation.read(filled.encode()).documents
    assert document.body


def test_child_has_no_file_and_no_network() -> None:
    """The limits are those of the process itself, so they are proved in it."""
    import subprocess
    import sys

    attempt = """
import socket
from lien.gateway import child
child._shut_in()
for act in (lambda: open("/etc/hostname"), socket.socket, lambda: bytearray(600 * 1024**2)):
    try:
        act()
    except (OSError, MemoryError):
        continue
    raise SystemExit("allowed")
"""
    done = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
