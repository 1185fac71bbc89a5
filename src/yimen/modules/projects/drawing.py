"""Pictures as plain numbers for SVG: the Gantt chart and the site (pure; templates only place what stands here).

Horizontal places are percent of the picture's width, so that a chart fits any screen without its words being stretched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, log10, radians

from yimen.modules.projects.content import STAGE_LABELS, StageKind
from yimen.modules.projects.gantt import Chart, Row, bounds

HEAD, STAGE, LINE = 28, 30, 46
"""Heights in pixels: the months, a stage's title, a case."""
METRES = 111_320.0
"""Metres of one degree of latitude, enough for a picture."""
WIDTH, HEIGHT, MARGIN = 320.0, 220.0, 26.0


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of days on a bar; ``x`` and ``width`` in percent."""

    x: float
    width: float
    kind: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One case: its words stand at ``y``, the planned outline and the actual parts below."""

    y: int
    label: str
    note: str
    planned: Part | None
    parts: tuple[Part, ...]

    @property
    def bar_y(self) -> int:
        return self.y + 8

    @property
    def plan_y(self) -> int:
        return self.y + 22


@dataclass(frozen=True, kw_only=True)
class Title:
    y: int
    text: str

    @property
    def line_y(self) -> int:
        return self.y - 18


@dataclass(frozen=True, kw_only=True)
class Month:
    x: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The whole chart; ``today`` in percent, None where it lies outside."""

    height: int
    months: tuple[Month, ...]
    titles: tuple[Title, ...]
    bars: tuple[Bar, ...]
    today: float | None


def draw(chart: Chart) -> Drawing:
    """Place a chart's rows, stage by stage."""
    first, last = bounds(chart)
    scale = _Scale(first, last)
    y, titles, bars = HEAD, [], []
    for kind in StageKind:
        rows = chart.of_stage(kind)
        if not rows:
            continue
        titles.append(Title(y=y + 18, text=STAGE_LABELS[kind]))
        y += STAGE
        for row in rows:
            bars.append(_bar(row, y + 12, scale))
            y += LINE
    today = scale.place(chart.today) if first <= chart.today <= last else None
    return Drawing(
        height=y + 6,
        months=tuple(_months(first, last, scale)),
        titles=tuple(titles),
        bars=tuple(bars),
        today=today,
    )


class _Scale:
    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, (last - first).days + 1

    def place(self, day: date) -> float:
        return round(100 * (day - self.first).days / self.days, 3)

    def part(self, since: date, until: date, kind: str, title: str) -> Part:
        width = round(100 * ((until - since).days + 1) / self.days, 3)
        return Part(x=self.place(since), width=width, kind=kind, title=title)


def _bar(row: Row, y: int, scale: _Scale) -> Bar:
    planned = None
    if row.planned_from and row.planned_to:
        title = f"计划 {row.planned_from} 至 {row.planned_to}"
        planned = scale.part(row.planned_from, max(row.planned_to, row.planned_from), "planned", title)
    parts = [
        scale.part(s.since, s.until, s.kind, f"{s.since} 至 {s.until}，{s.label}，{s.holder}")
        for s in row.stretches
    ]
    note = f"计入{row.counted}天" if row.days else "未开始"
    if row.sums["excluded"]:
        note += f"，依法不计{row.sums['excluded']}天"
    return Bar(y=y, label=row.name, note=f"{note} · {row.organisation}", planned=planned, parts=tuple(parts))


def _months(first: date, last: date, scale: _Scale) -> list[Month]:
    """The first of each month; every third one, or every year, where they would crowd."""
    starts = []
    day = first.replace(day=1)
    while day <= last:
        if day >= first:
            starts.append(day)
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    step = max(1, -(-len(starts) // 8))
    found = [
        Month(
            x=scale.place(day),
            text=f"{day.year}年{day.month}月" if day.month == 1 or n == 0 else f"{day.month}月",
        )
        for n, day in enumerate(starts)
        if n % step == 0
    ]
    return found or [Month(x=0.0, text=f"{first.year}年{first.month}月{first.day}日")]


@dataclass(frozen=True, kw_only=True)
class Corner:
    x: float
    y: float
    number: int


@dataclass(frozen=True, kw_only=True)
class SitePicture:
    """A site from above, north up.

    Args:
        points: of the polygon, as SVG wants them; "" where only the pin is known.
        corners: numbered, where there are not too many to read.
        pin: where the pin stands.
        bar: width of the scale bar and the metres that it stands for.
    """

    points: str
    corners: tuple[Corner, ...]
    pin: tuple[float, float]
    bar: float
    metres: int


def draw_site(ring: Sequence[Sequence[float]], pin: Sequence[float]) -> SitePicture:
    """Draw corners and pin, given in degrees; the first corner may be repeated at the end."""
    corners = [tuple(corner[:2]) for corner in ring]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners = corners[:-1]
    everything = [*corners, (pin[0], pin[1])]
    middle = sum(y for _, y in everything) / len(everything)
    squeeze = cos(radians(middle))
    plane = [(x * squeeze * METRES, y * METRES) for x, y in everything]
    west, south = min(x for x, _ in plane), min(y for _, y in plane)
    wide = max(max(x for x, _ in plane) - west, 1.0)
    high = max(max(y for _, y in plane) - south, 1.0)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high) if corners else 1.0
    left, bottom = (WIDTH - wide * scale) / 2, (HEIGHT + high * scale) / 2
    placed = [(round(left + (x - west) * scale, 1), round(bottom - (y - south) * scale, 1)) for x, y in plane]
    metres = _round_length(70 / scale)
    shown = placed[:-1]
    return SitePicture(
        points=" ".join(f"{x},{y}" for x, y in shown),
        corners=tuple(Corner(x=x, y=y, number=n) for n, (x, y) in enumerate(shown, 1))
        if len(shown) <= 24
        else (),
        pin=placed[-1],
        bar=round(metres * scale, 1) if corners else 0.0,
        metres=metres,
    )


def _round_length(metres: float) -> int:
    """The next smaller of 1, 2, 5, 10, 20, 50 … metres."""
    whole: int = 10 ** int(log10(max(metres, 1.0)))
    return next((whole * step for step in (5, 2) if whole * step <= metres), whole)
