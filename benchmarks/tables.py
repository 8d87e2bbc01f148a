"""Lines of results, and how they are written down."""

from collections.abc import Sequence
from typing import Final

from benchmarks.catalogue import COMPARED, OWN
from benchmarks.figures import Figures
from benchmarks.peers import PEERS

_ORDER: Final = ("floor", "lien", *PEERS)


class Results:
    """What was recorded, by benchmark, subject and case."""

    def __init__(self, lines: Sequence[Figures]) -> None:
        self.lines = lines

    def names(self) -> list[str]:
        """The benchmarks there are results of."""
        there = {line["benchmark"] for line in self.lines}
        return [name for name in (*COMPARED, *OWN) if name in there]

    def subjects(self) -> list[str]:
        """In the order of the tables."""
        there = {line["subject"] for line in self.lines}
        return [name for name in _ORDER if name in there]

    def of(self, benchmark: str) -> list[Figures]:
        return [line for line in self.lines if line["benchmark"] == benchmark]

    def any_of(self, subject: str) -> Figures:
        """A line that says what the subject is."""
        lines = [line for line in self.lines if line["subject"] == subject]
        return next((line for line in lines if "note" in line), lines[0])

    def find(self, benchmark: str, subject: str, case: str) -> Figures | None:
        """That line, if it was recorded."""
        for line in self.of(benchmark):
            if line["subject"] == subject and line.get("case", "") == case:
                return line
        return None


def number(value: float) -> str:
    """Three digits that mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
