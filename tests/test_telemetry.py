"""What may be in a log line, and what an operator can count."""

import json

from lien.telemetry import Metric, Telemetry


def test_a_field_that_is_not_allowed_is_dropped_and_counted() -> None:
    lines: list[str] = []
    telemetry = Telemetry(lines.append)

    telemetry.log("worker_ended", exit_code=1, account="AAAAAAAAAAAAAAAAAAAAAA")

    assert json.loads(lines[0]).keys() == {"at_ms", "event", "exit_code"}
    assert telemetry.counters[Metric.LOG_FIELDS_DROPPED] == 1


def test_a_report_holds_every_counter() -> None:
    lines: list[str] = []
    telemetry = Telemetry(lines.append)
    telemetry.count(Metric.DELIVERIES, 3)

    telemetry.report()

    report = json.loads(lines[0])
    assert report["event"] == "counters"
    assert {metric.value: 0 for metric in Metric} | {"deliveries": 3} == {
        name: value for name, value in report.items() if name not in ("at_ms", "event")
    }
