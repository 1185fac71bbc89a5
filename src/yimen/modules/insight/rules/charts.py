"""Where lines, bars and fields of a chart lie, so that a template only prints them; no colour, no style here."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 760, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 40, 12, 30
MOST_LABELS = 9
LEVELS = 6


@dataclass(frozen=True)
class Tick:
    """A label at a place of an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Series:
    """One line: its name, which of the house's tones it wears (class ``series-…``), its points."""

    label: str
    tone: int
    points: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class LineChart:
    series: tuple[Series, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    title: str
    tone: str


@dataclass(frozen=True)
class BarChart:
    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Field:
    """One field of a heat map: the number, and how dark (0 to ``LEVELS``)."""

    value: float
    level: int

    @property
    def text(self) -> str:
        return f"{self.value:g}" if self.value >= 10 or self.value == int(self.value) else f"{self.value:.1f}"


def steps_up(most: float, count: int = 4) -> list[float]:
    """Round numbers from nought to at least the largest value."""
    if most <= 0:
        return [0, 1]
    raw = most / count
    size = 1.0
    while size * 10 <= raw:
        size *= 10
    step = next((size * k for k in (1, 2, 5, 10) if size * k >= raw), size * 10)
    step = max(1.0, step)
    return [step * n for n in range(int(-(-most // step)) + 1)]


def _up(most: float) -> tuple[list[float], tuple[Tick, ...]]:
    marks = steps_up(most)
    height = HEIGHT - TOP - BOTTOM
    return marks, tuple(Tick(_round(HEIGHT - BOTTOM - height * m / marks[-1]), f"{m:,.0f}") for m in marks)


def _round(value: float) -> float:
    return round(value, 2)


def _labels(names: Sequence[str], places: Sequence[float]) -> tuple[Tick, ...]:
    every = max(1, -(-len(names) // MOST_LABELS))
    return tuple(Tick(_round(places[n]), names[n]) for n in range(0, len(names), every))


def line_chart(names: Sequence[str], lines: Sequence[tuple[str, Sequence[float]]]) -> LineChart:
    """Lines over the same places.

    Args:
        names: what stands below each place.
        lines: (label, one value a place).
    """
    marks, up = _up(max((max(values, default=0) for _, values in lines), default=0))
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    gap = width / max(1, len(names) - 1)
    places = [LEFT + gap * n if len(names) > 1 else LEFT + width / 2 for n in range(len(names))]
    series = []
    for tone, (label, values) in enumerate(lines):
        dots = tuple(
            Dot(_round(x), _round(HEIGHT - BOTTOM - height * v / marks[-1]), f"{name} {label} {v:g}")
            for x, v, name in zip(places, values, names, strict=True)
        )
        series.append(Series(label, tone, " ".join(f"{d.x},{d.y}" for d in dots), dots))
    return LineChart(tuple(series), _labels(names, places), up)


def bar_chart(names: Sequence[str], values: Sequence[float], tones: Sequence[str]) -> BarChart:
    """Upright bars, one a name."""
    marks, up = _up(max(values, default=0))
    height = HEIGHT - TOP - BOTTOM
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(names))
    wide = min(48.0, slot * 0.7)
    bars, places = [], []
    for n, (name, value, tone) in enumerate(zip(names, values, tones, strict=True)):
        middle, tall = LEFT + slot * (n + 0.5), height * value / marks[-1]
        places.append(middle)
        bars.append(
            Bar(
                _round(middle - wide / 2),
                _round(HEIGHT - BOTTOM - tall),
                _round(wide),
                _round(tall),
                f"{name} {value:g}",
                tone,
            )
        )
    return BarChart(tuple(bars), _labels(names, places), up)


def heat(rows: Sequence[Sequence[float]]) -> list[list[Field]]:
    """Fields with their darkness, by the largest number of all."""
    most = max((v for row in rows for v in row), default=0)
    return [[Field(round(v, 1), _level(round(v, 1), most)) for v in row] for row in rows]


def _level(value: float, most: float) -> int:
    if value <= 0 or most <= 0:
        return 0
    return max(1, min(LEVELS, round(LEVELS * value / most)))
