"""What a gateway says of itself while it works: counts and reasons, of nobody."""

import json
from pathlib import Path

from lien.gateway.doors.mllp import MllpDoor
from lien.telemetry import Metric
from tests.gateway.samples import changed, sample
from tests.gateway.ward import Post, Sender, Ward, a_folder_door, door, post, ward

__all__ = ["door", "post", "ward"]

# Names, numbers, titles, identifiers and recipients of everything below.
PRIVATE = ("FICTIF", "JEAN", "185039741102565", "99000000", "1.2.3.4.5", "genou", "Radiographie")
TAKEN, REPLAYED = Metric.GATEWAY_TAKEN, Metric.GATEWAY_REPLAYED
QUARANTINED, UNREADABLE = Metric.GATEWAY_QUARANTINED, Metric.GATEWAY_UNREADABLE


async def test_counters_and_log_name_no_patient(
    ward: Ward, door: MllpDoor, post: Post, tmp_path: Path
) -> None:
    lines: list[str] = []
    ward.telemetry._write = lines.append
    folder = tmp_path / "FICTIF-HOARAU JEAN"
    watched = a_folder_door(ward, folder)
    nobody = sample("cda_pdf.xml").replace(b"99000000002", b"99000000003")
    (folder / "FICTIF-HOARAU.xml").write_bytes(nobody.replace(b"200.1", b"201.1"))
    (folder / "FICTIF-SECRET.xml").write_bytes(b"<!DOCTYPE FICTIF><FICTIF/>")
    await watched.look()
    await watched.look()
    sender = await Sender.to(door)
    await sender.send(sample("mdm_t02.er7"), sample("mdm_t02.er7"))
    await sender.send(changed("mdm_t02.er7", ("|19850314|", "|19850315|")))
    assert [(await sender.answer())[1] for _ in range(3)] == ["AA", "AA", "AE"]
    await post("/DocumentReference", sample("fhir_iti105.json"))
    await post("/", b"{FICTIF")

    ward.telemetry.report()

    counters = json.loads(lines[-1])
    assert counters["event"] == "counters"
    found = {each: counters[each.value] for each in (TAKEN, REPLAYED, QUARANTINED, UNREADABLE)}
    assert found == {TAKEN: 2, REPLAYED: 1, QUARANTINED: 3, UNREADABLE: 1}
    assert counters["log_fields_dropped"] == 0
    status = json.dumps(ward.spool.upkeep.describe())
    for word in PRIVATE:
        assert word not in "".join(lines)
        assert word not in status
