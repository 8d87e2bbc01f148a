"""From the lines in `results/` to docs/benchmarks.md: tables, goals, a plot."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import costs, growing, hospital, plot
from benchmarks.figures import Figures, say
from benchmarks.tables import Results, number, table

_SECTION: Final = re.compile(r"(<!-- (\w+): written by .*? -->\n).*?(<!-- /\2 -->)", re.DOTALL)


@dataclass(frozen=True)
class Goal:
    """What was set before; `reached` says how far it is from there, None when not measured."""

    text: str
    bar: str
    reached: Callable[[Results], tuple[str, bool] | None]


def write(results_folder: Path, docs: Path) -> None:
    """Rewrite the marked sections of docs/benchmarks.md, and its plot."""
    results = Results(read(results_folder))
    sections: Mapping[str, Callable[[Results], str]] = {
        "machine": _machine,
        "goals": _goals,
        "peers": _peers,
        "notes": _notes,
        "growth": growing.write,
        "million": costs.write,
        "documents": hospital.write,
    }
    document = docs / "benchmarks.md"

    def fill(found: re.Match[str]) -> str:
        return f"{found[1]}{sections[found[2]](results)}{found[3]}"

    document.write_text(_SECTION.sub(fill, document.read_text()))
    drawing = docs / "images" / "benchmarks.svg"
    drawing.write_text(plot.draw(results))
    say(f"{document} and {drawing}")


def read(folder: Path) -> list[Figures]:
    """Every line of every result."""
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]


def _machine(results: Results) -> str:
    rows = []
    for name in results.names():
        line = results.of(name)[0]
        machine = line["machine"]
        rows.append((name, line["at"].replace("T", " "), f"{machine['load_average_before']}"))
    described = max(results.lines, key=lambda line: str(line["at"]))["machine"]
    memory = described.get("memory_gib", "?")
    return (
        f"{described['model']}, {described['cores']} cores, {memory} GiB, "
        f"Linux {described['kernel']}, Python {described['python']}.\n\n"
        + table(("benchmark", "recorded (UTC)", "load of the machine before"), rows)
    )


def _goals(results: Results) -> str:
    rows = []
    for goal in GOALS:
        reached = goal.reached(results)
        text, met = reached if reached else ("not measured", False)
        rows.append((goal.text, goal.bar, text, "yes" if met else "**no**"))
    return table(("goal", "bar", "reached", "met"), rows)


_COLUMNS: Final[Sequence[tuple[str, str, str, str]]] = (
    ("fanout", "1 in flight", "cpu_us_per_delivery", "fan-out, µs"),
    ("fanout", "16 in flight", "cpu_us_per_delivery", "16 in flight, µs"),
    ("rooms", "", "cpu_us_per_delivery", "rooms, µs"),
    ("latency", "", "p50_us", "latency, µs"),
    ("idle", "", "kib_per_connection", "idle, KiB"),
    ("storm", "", "cpu_us_per_reconnect", "reconnect, µs"),
)


def _peers(results: Results) -> str:
    """One row for each subject: figure, and ratio to the floor in parentheses."""
    rows = []
    for subject in results.subjects():
        cells = [f"**{subject}**" if subject == "lien" else subject]
        for benchmark, case, figure, _ in _COLUMNS:
            line = results.find(benchmark, subject, case)
            if line is None:
                cells.append("–")
                continue
            store = line.get("store_cpu_us_per_delivery", 0) if benchmark == "rooms" else 0
            beside = f" + {number(store)}" if store else ""
            ratio = f" ({number(line['ratio_to_floor'])} ×)" if line["ratio_to_floor"] else ""
            cells.append(f"{number(line[figure])}{beside}{ratio}")
        rows.append(tuple(cells))
    return table(("", *(title for *_, title in _COLUMNS)), rows)


def _notes(results: Results) -> str:
    rows = []
    for subject in results.subjects():
        line = results.any_of(subject)
        versions = ", ".join(f"{name} {text}" for name, text in line.get("versions", {}).items())
        rows.append((subject, line.get("note", ""), versions))
    missing = {
        (name, why)
        for line in results.lines
        for name, why in line.get("not_run", {}).items()
        if name not in results.subjects()
    }
    partly = [
        f"- {name}, {line['benchmark']}: {why}"
        for line in results.lines
        for name, why in line.get("not_run", {}).items()
        if name in results.subjects() and line["case"] in ("", "1 in flight")
    ]
    text = table(("subject", "what it does, and does not", "versions"), rows)
    told = [*(f"- {name}: {why}" for name, why in sorted(missing)), *partly]
    return text + ("\nNot measured:\n\n" + "\n".join(told) + "\n" if told else "")


def _ratio(name: str, case: str, bar: float) -> Callable[[Results], tuple[str, bool] | None]:
    def reached(results: Results) -> tuple[str, bool] | None:
        line = results.find(name, "lien", case)
        if line is None:
            return None
        ratio = line["ratio_to_floor"]
        return f"{number(ratio)} ×", ratio <= bar

    return reached


def _memory(results: Results) -> tuple[str, bool] | None:
    line = results.find("idle", "lien", "")
    if line is None:
        return None
    return f"{number(line['kib_per_connection'])} KiB", line["kib_per_connection"] <= 3


def _beside_a_log(results: Results) -> tuple[str, bool] | None:
    lien = results.find("rooms", "lien", "")
    other = results.find("rooms", "nats-jetstream", "")
    if lien is None or other is None:
        return None
    ours, theirs = (
        each["cpu_us_per_delivery"] + each["store_cpu_us_per_delivery"] for each in (lien, other)
    )
    text = f"{number(ours)} µs; JetStream, which does not sync, {number(theirs)} µs"
    return text, ours < theirs


def _code(results: Results) -> tuple[str, bool] | None:
    line = results.find("pwa", "lien", "initial code")
    if line is None:
        return None
    whole, packed = line["kb"], line["kb_transferred"]
    return f"{number(whole)} kB; {number(packed)} kB", whole < 500 and packed < 180


def _opening(case: str, bar_ms: float) -> Callable[[Results], tuple[str, bool] | None]:
    def reached(results: Results) -> tuple[str, bool] | None:
        line = results.find("pwa", "lien", case)
        if line is None:
            return None
        return f"{line['p50_ms'] / 1e3:.1f} s", line["p50_ms"] < bar_ms

    return reached


def _scrolling(results: Results) -> tuple[str, bool] | None:
    lines = [line for line in results.of("pwa") if "frames_per_second" in line]
    ours = [line for line in lines if line["case"].endswith("messages")]
    if not ours:
        return None
    frames = ours[0]["frames_per_second"]
    reached = f"{number(frames)} a second; 99 % within {number(ours[0]['p99_ms'])} ms"
    for plain in lines:
        if plain["case"].endswith("plain lines"):
            reached += f"; a page of plain lines {number(plain['frames_per_second'])} here"
    return reached, frames >= 59


def _crowd(results: Results) -> tuple[str, bool] | None:
    lines = [line for line in results.of("crowd") if line["subject"] == "lien"]
    if not lines:
        return None
    line = max(lines, key=lambda each: each["connections"])
    met = line["connections"] >= 100_000 and line["process_memory_gib"] < 1
    workers = "one worker" if line["workers"] == 1 else f"{line['workers']} workers"
    used = line["process_memory_gib"]
    text = f"{line['connections']:,} in {workers}: {number(used)} GiB"
    if line["connections"] < 100_000:
        left_gib = (100_000 - line["connections"]) * line["kib_per_connection"] / 2**20
        text += f"; 100,000 of the same would be {number(used + left_gib)} GiB"
    return text, met and line["workers"] == 1


def _searching(results: Results) -> tuple[str, bool] | None:
    line = results.find("directory", "lien", "")
    spent = line["search"]["all"].get("cpu_p99_ms") if line else None
    return (f"{number(spent)} ms", spent <= 50) if spent is not None else None


GOALS: Final = (
    Goal(
        "fan-out, one message in flight: server CPU per delivery",
        "≤ 1.4 × floor",
        _ratio("fanout", "1 in flight", 1.4),
    ),
    Goal(
        "the same with 16 in flight",
        "≤ 0.2 × the floor's with one",
        _ratio("fanout", "16 in flight", 0.2),
    ),
    Goal(
        "conversations of two: worker CPU per message, log and durable answer included",
        "≤ 3 × floor",
        _ratio("rooms", "", 3),
    ),
    Goal(
        "the same, worker and store together",
        "less than any peer with a log",
        _beside_a_log,
    ),
    Goal("process memory per idle authenticated connection", "≤ 3 KiB", _memory),
    Goal(
        "CPU per reconnect, authentication and resume included",
        "≤ 8 × floor",
        _ratio("storm", "", 8),
    ),
    Goal(
        "median from sender to receiver at 2,000 messages a second",
        "≤ 4 × floor",
        _ratio("latency", "", 4),
    ),
    Goal("100,000 idle connections in one worker", "< 1 GiB", _crowd),
    Goal("code of the first page, whole and as transferred", "< 500 kB; < 180 kB", _code),
    Goal(
        "first opening at 4G on a slow phone, median",
        "< 3 s",
        _opening("first opening at 4G", 3_000),
    ),
    Goal("later openings, median", "< 1 s", _opening("later opening", 1_000)),
    Goal("scrolling 5,000 messages", "60 frames a second", _scrolling),
    Goal("search in the national directory, 99th percentile of server CPU", "≤ 50 ms", _searching),
)
