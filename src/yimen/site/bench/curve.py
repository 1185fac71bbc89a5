"""The curve of growth as SVG: size across and milliseconds up, both as powers of ten (pure)."""

from math import ceil, floor, log10
from typing import Any
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 420, 60, 190, 20, 40
TONES = (
    "#1b5e9b",
    "#b3541e",
    "#2e7d4f",
    "#7b3fa0",
    "#a8324a",
    "#5d6b1e",
    "#00727a",
    "#8a5a00",
    "#404b69",
    "#c2438f",
)


def lines_of(reports: list[dict[str, Any]], measure: str = "p95_ms") -> dict[str, list[tuple[int, float]]]:
    """Name of a page or call to its (cases, value), smallest size first."""
    found: dict[str, list[tuple[int, float]]] = {}
    for report in reports:
        for figure in report["benches"]["growth"]:
            if figure.get(measure):
                found.setdefault(figure["figure"], []).append((figure["cases"], float(figure[measure])))
    return {name: sorted(points) for name, points in found.items()}


def svg(reports: list[dict[str, Any]], measure: str = "p95_ms", unit: str = "ms") -> str:
    """A drawing that needs nothing else: every line named at its end, every point with its number as title."""
    lines = lines_of(reports, measure)
    points = [p for line in lines.values() for p in line]
    if not points:
        raise ValueError("there is nothing to draw")
    x0, x1 = _span([x for x, _ in points])
    y0, y1 = _span([y for _, y in points])

    def across(x: float) -> float:
        return LEFT + (log10(x) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)

    def up(y: float) -> float:
        return HEIGHT - BOTTOM - (log10(y) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for power in range(x0, x1 + 1):
        x = across(10**power)
        parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{10**power:,}</text>'
        )
    for power in range(y0, y1 + 1):
        y = up(10**power)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    parts.append(f'<text x="{LEFT}" y="{TOP - 6}">{escape(unit)}</text>')
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">cases</text>')
    ends = _apart([(up(line[-1][1]), name) for name, line in lines.items()])
    for n, (name, line) in enumerate(lines.items()):
        tone = TONES[n % len(TONES)]
        path = "L".join(f"{across(x):.1f} {up(y):.1f}" for x, y in line)
        parts.append(f'<path d="M{path}" fill="none" stroke="{tone}" stroke-width="2"/>')
        for x, y in line:
            title = f"<title>{escape(name)}, {x:,}: {y:g} {escape(unit)}</title>"
            parts.append(
                f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{tone}">{title}</circle>'
            )
        parts.append(
            f'<text x="{across(line[-1][0]) + 8:.1f}" y="{ends[name] + 4:.1f}" fill="{tone}">{escape(name)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _span(values: list[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _apart(ends: list[tuple[float, str]]) -> dict[str, float]:
    """Where the names stand: at their lines' ends, but never on each other."""
    found: dict[str, float] = {}
    last = 0.0
    for y, name in sorted(ends):
        last = max(y, last + 14)
        found[name] = last
    return found
