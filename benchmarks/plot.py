"""Every subject beside the floor, as one drawing: a dot for each ratio, on a logarithmic axis."""

import math
from typing import Final
from xml.sax.saxutils import escape

from benchmarks.tables import Results, number

_PANELS: Final = (
    ("fanout", "1 in flight", "cpu_us_per_delivery", "µs", "Fan-out to 1,000: CPU per delivery"),
    ("fanout", "16 in flight", "cpu_us_per_delivery", "µs", "The same, 16 messages in flight"),
    ("rooms", "", "cpu_us_per_delivery", "µs", "Conversations of two: CPU per message"),
    ("storm", "", "cpu_us_per_reconnect", "µs", "Everyone comes back: CPU per reconnect"),
    ("idle", "", "kib_per_connection", "KiB", "Idle: process memory per connection"),
    ("latency", "", "p50_us", "µs", "2,000 messages a second: median latency"),
)
_COLUMNS: Final = 2
_WIDTH, _LABEL, _VALUE = 470, 118, 96  # of a panel; of the names; of the figures
_ROW, _HEAD, _GAP = 20, 54, 26
_LIEN, _OTHER, _LINE, _TEXT = "#00695c", "#7a8a99", "#d5dce2", "#1f2a33"


def draw(results: Results) -> str:
    """An SVG of white ground, so that it reads in both themes."""
    panels = [_panel(results, *each) for each in _PANELS]
    panels = [(body, height) for body, height in panels if body]
    heights = [
        max(height for _, height in panels[at : at + _COLUMNS])
        for at in range(0, len(panels), _COLUMNS)
    ]
    placed = []
    for place, (body, _) in enumerate(panels):
        left = (place % _COLUMNS) * (_WIDTH + _GAP) + _GAP
        top = sum(heights[: place // _COLUMNS]) + _GAP
        placed.append(f'<g transform="translate({left} {top})">{body}</g>')
    width, height = _COLUMNS * (_WIDTH + _GAP) + _GAP, sum(heights) + 2 * _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="system-ui, sans-serif" font-size="13">'
        f"<title>Lien, the floor and other servers on the same work</title>"
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(placed)}</svg>\n'
    )


def _panel(
    results: Results, benchmark: str, case: str, figure: str, unit: str, title: str
) -> tuple[str, int]:
    rows = []
    for subject in results.subjects():
        line = results.find(benchmark, subject, case)
        if line and line[figure] > 0:
            rows.append((float(line[figure]), subject))
    rows.sort()
    if not rows:
        return "", 0
    parts = [
        f'<text y="12" font-weight="600" fill="{_TEXT}">{escape(title)}</text>'
        f'<text x="{_LABEL - 10}" y="{_HEAD - 22}" font-size="10" text-anchor="end" '
        f'fill="{_OTHER}">{unit}, log scale</text>'
    ]
    low, high = math.log10(rows[0][0]) - 0.1, math.log10(rows[-1][0]) + 0.05
    scale = (_WIDTH - _LABEL - _VALUE) / max(high - low, 0.3)
    bottom = _HEAD - 14 + _ROW * len(rows)
    for step in _steps(rows[0][0], rows[-1][0]):
        x = _LABEL + (math.log10(step) - low) * scale
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_HEAD - 18}" y2="{bottom}" stroke="{_LINE}"/>'
            f'<text x="{x:.1f}" y="{_HEAD - 22}" font-size="10" text-anchor="middle" '
            f'fill="{_OTHER}">{step:g}</text>'
        )
    for place, (value, subject) in enumerate(rows):
        y = _HEAD + place * _ROW
        x = _LABEL + (math.log10(value) - low) * scale
        colour = _LIEN if subject == "lien" else _OTHER
        weight = ' font-weight="600"' if subject == "lien" else ""
        parts.append(
            f'<text x="{_LABEL - 10}" y="{y}" text-anchor="end" fill="{_TEXT}"{weight}>'
            f"{escape(subject)}</text>"
            f'<line x1="{_LABEL}" x2="{x:.1f}" y1="{y - 4}" y2="{y - 4}" stroke="{_LINE}"/>'
            f'<circle cx="{x:.1f}" cy="{y - 4}" r="5" fill="{colour}"/>'
            f'<text x="{x + 10:.1f}" y="{y}" fill="{_TEXT}"{weight}>{number(value)} {unit}</text>'
        )
    return "".join(parts), bottom + _GAP


def _steps(low: float, high: float) -> list[float]:
    """Powers of ten within, or halves and fifths of them when there are few."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    tens = [10.0**each for each in decades]
    steps = tens if high / low > 50 else [ten * part for ten in tens for part in (1, 2, 5)]
    return [step for step in steps if low * 0.8 <= step <= high * 1.1]
