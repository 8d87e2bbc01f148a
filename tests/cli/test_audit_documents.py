"""`lien audit`: what was done with documents, opened by the controller's key alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lien.client import Client
from lien.crypto.attestor import Attestors
from lien.crypto.audit_key import audit_key_id, open_audit_key, seal_audit_note
from lien.crypto.gateway import Attested
from lien.crypto.trace import Note, seal_note
from lien.ids import DocumentId, RppsNumber, b64decode, b64encode, new_id
from tests.running import RunningServer, prepared

ANNE = RppsNumber("99000000002")


@pytest.fixture
def server() -> Iterator[RunningServer]:
    with prepared(LIEN_SIGN_INS_PER_ADDRESS="10000") as made:
        yield made


async def trace(anne: Client, kind: str) -> DocumentId:
    """As a phone does it."""
    answer = (await anne.device.http.get("/api/documents/audit-key"))["audit_key"]
    attested = Attested(b64decode(answer["key"]), b64decode(answer["signature"]))
    attestors: Attestors = anne.device.contacts.attestors
    public = attestors.open(lambda attestor: open_audit_key(attested, attestor))
    note, document = Note("Radiographie", "FICTIF-GRONDIN Jean", ""), DocumentId(new_id())
    keyring = anne.device.keyring
    by = (keyring.account, keyring.device, document, kind)
    own = seal_note(note, keyring.secrets[1].sealing.public, keyring.account, 1, document, kind)
    sealed = b64encode(seal_audit_note(note, public, *by))
    audit = {"key": audit_key_id(public), "note": sealed}
    body = {"kind": kind, "generation": 1, "note": b64encode(own), "audit": audit}
    await anne.device.http.post(f"/api/documents/{document}/traces", body)
    return document


async def test_only_the_controller_reads_which_patient(
    server: RunningServer, tmp_path: Path
) -> None:
    key, other = tmp_path / "audit.key", tmp_path / "other.key"
    server.run("audit", "new-key", str(key))
    assert key.stat().st_mode & 0o077 == 0
    assert server.refuse("audit", "new-key", str(key))[0] == 1
    assert server.refuse("audit", "set-key", str(key))[0] != 0  # the private half
    server.run("audit", "set-key", f"{key}.pub")
    server.start()
    async with await Client.enrol(server.origin, ANNE) as anne:
        first, second = await trace(anne, "opened"), await trace(anne, "saved")
        account = anne.account

    sealed = server.run("audit", "documents")
    assert "GRONDIN" not in sealed
    lines = tmp_path / "sealed.jsonl"
    lines.write_text(sealed, encoding="utf-8")
    found = server.run("audit", "open", "--key", str(key), "--json", str(lines))
    opened = [json.loads(line) for line in found.splitlines()]
    assert [one["document"] for one in opened] == [second, first]
    assert {one["patient"] for one in opened} == {"FICTIF-GRONDIN Jean"}
    assert {one["rpps"] for one in opened} == {ANNE}
    assert server.run("audit", "documents", "--account", account) == sealed
    spoken = server.run("audit", "open", "--key", str(key), "--patient", "grondin", str(lines))
    assert "saved" in spoken.splitlines()[0]
    assert server.run("audit", "open", "--key", str(key), "--patient", "HOARAU", str(lines)) == ""

    server.run("audit", "new-key", str(other))
    assert server.refuse("audit", "open", "--key", str(other), str(lines))[0] == 1
