"""The plan as a chart for its author: rows by organisation, a scale of working days, arrows for who waits (pure geometry)."""

from dataclasses import dataclass

from yimen.modules.themes.compiling.values import Compiled, Edge, PlannedItem

LABEL, SCALE, ROW, HEAD, TITLE = 250, 640, 28, 30, 24
LONGEST_NAME = 17
THINNEST = 6


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One item."""

    name: str
    short: str
    organisation: str
    first_of_organisation: bool
    x: float
    y: float
    width: float
    slack: float
    critical: bool
    words: str

    @property
    def slack_width(self) -> float:
        return round(self.width + self.slack, 1)

    @property
    def middle(self) -> float:
        return self.y + ROW / 2

    @property
    def top(self) -> float:
        return self.y + 7

    @property
    def text_y(self) -> float:
        return self.y + ROW / 2 + 4

    @property
    def title_y(self) -> float:
        return self.y - 6


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """From the end of one bar to the beginning of another."""

    path: str
    ordered: bool
    critical: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Everything that the picture draws."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    arrows: tuple[Arrow, ...]
    ticks: tuple[tuple[int, float], ...]


def chart(compiled: Compiled) -> Chart:
    """Bars of every item, those of one organisation together, the organisation that begins first on top."""
    days = max((row.ends for row in compiled.schedule), default=0)
    unit = SCALE / max(days, 1)
    begins: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(compiled.schedule):
        begins.setdefault(row.organisation_code, (row.starts, number))
        begins[row.organisation_code] = min(begins[row.organisation_code], (row.starts, number))
    ordered = sorted(compiled.schedule, key=lambda row: (begins[row.organisation_code], row.starts, row.ends))
    bars: list[Bar] = []
    places: dict[str, Bar] = {}
    y = HEAD
    for number, row in enumerate(ordered):
        first = number == 0 or ordered[number - 1].organisation_code != row.organisation_code
        y += TITLE if first else 0
        bar = _bar(row, y, unit, first=first, critical=row.item in compiled.critical_path)
        bars.append(bar)
        places[row.item] = bar
        y += ROW
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 500, 5000) if max(days, 1) / size <= 12)
    return Chart(
        width=LABEL + SCALE + 20,
        height=y + 6,
        bars=tuple(bars),
        arrows=tuple(_arrow(edge, places) for edge in compiled.edges),
        ticks=tuple((day, round(LABEL + day * unit, 1)) for day in range(0, days + 1, step)),
    )


def _bar(row: PlannedItem, y: int, unit: float, *, first: bool, critical: bool) -> Bar:
    when = f"第{row.starts + 1}至{row.ends}个工作日" if row.days else f"第{row.starts}个工作日后当场办结"
    return Bar(
        name=row.name,
        short=row.name if len(row.name) <= LONGEST_NAME else row.name[: LONGEST_NAME - 1] + "…",
        organisation=row.organisation_name,
        first_of_organisation=first,
        x=round(LABEL + row.starts * unit, 1),
        y=y,
        width=round(max(row.days * unit, THINNEST), 1),
        slack=round(row.slack * unit, 1),
        critical=critical,
        words=f"{row.organisation_name}“{row.name}”：{when}"
        + (f"，可以晚开始{row.slack}个工作日" if row.slack else "，在关键路径上" if critical else ""),
    )


def _arrow(edge: Edge, places: dict[str, Bar]) -> Arrow:
    before, after = places[edge.earlier], places[edge.later]
    start, end = before.x + before.width, after.x
    turn = round(max(start + 4, end - 6), 1)
    path = f"M{start:.1f} {before.middle:.1f}H{turn}V{after.middle:.1f}H{end:.1f}"
    return Arrow(path=path, ordered=edge.kind == "order", critical=before.critical and after.critical)
