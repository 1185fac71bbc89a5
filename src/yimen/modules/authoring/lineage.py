"""Where items came from and what became of them, laid out as a small graph: columns are generations, time runs rightwards (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 176, 56, 104, 20, 8
LINE_LENGTH, MOST_LINES = 11, 2


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item of the family.

    Args:
        here: the one whose page it is.
        gone: cancelled.
        url: its page, "" when whoever looks may not open it.
    """

    key: int
    code: str
    name: str
    here: bool = False
    gone: bool = False
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What made one item of another."""

    source: int
    target: int
    label: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Box:
    """An item with its place; ``lines`` are its name in short lines with their heights."""

    item: Item
    x: int
    y: int
    lines: tuple[tuple[int, str], ...]

    width: int = WIDTH
    height: int = HEIGHT

    @property
    def centre(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """A step as a path, with the place of its words."""

    step: Step
    path: str
    x: int
    y: int


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Everything to draw, and the size of the sheet in units of the drawing."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def laid_out(items: Sequence[Item], steps: Sequence[Step]) -> Graph | None:
    """The graph; ``None`` when nothing became of anything, for then there is nothing to draw.

    Args:
        items: in the order in which they came to be.
        steps: steps between two of these items.
    """
    known = {item.key for item in items}
    steps = [s for s in steps if s.source != s.target and {s.source, s.target} <= known]
    if not steps:
        return None
    columns = _generations([item.key for item in items], steps)
    rows: dict[int, int] = {}
    boxes = {}
    tallest = max(list(columns.values()).count(column) for column in set(columns.values()))
    for item in items:
        column = columns[item.key]
        number = rows.get(column, 0)
        rows[column] = number + 1
        of_column = list(columns.values()).count(column)
        top = (tallest - of_column) * (HEIGHT + GAP_Y) // 2
        x, y = MARGIN + column * (WIDTH + GAP_X), MARGIN + top + number * (HEIGHT + GAP_Y)
        boxes[item.key] = Box(item=item, x=x, y=y, lines=_lines(item.name, y))
    return Graph(
        boxes=tuple(boxes.values()),
        arrows=tuple(_arrow(step, boxes[step.source], boxes[step.target]) for step in steps),
        width=2 * MARGIN + (max(columns.values()) + 1) * (WIDTH + GAP_X) - GAP_X,
        height=2 * MARGIN + tallest * (HEIGHT + GAP_Y) - GAP_Y,
    )


def _generations(keys: Iterable[int], steps: Sequence[Step]) -> dict[int, int]:
    """Each item one column after the latest of those it came from; a circle, which cannot be, ends by itself."""
    columns = dict.fromkeys(keys, 0)
    for _ in columns:
        moved = False
        for step in steps:
            wanted = columns[step.source] + 1
            if columns[step.target] < wanted < len(columns):
                columns[step.target], moved = wanted, True
        if not moved:
            break
    return columns


def _lines(name: str, top: int) -> tuple[tuple[int, str], ...]:
    if len(name) > LINE_LENGTH * MOST_LINES:
        name = name[: LINE_LENGTH * MOST_LINES - 1] + "…"
    count = max(1, -(-len(name) // LINE_LENGTH))
    length = max(1, -(-len(name) // count))
    parts = [name[n : n + length] for n in range(0, len(name), length)] or [""]
    first = top + HEIGHT // 2 - 9 * (len(parts) - 1) + 5
    return tuple((first + 18 * n, part) for n, part in enumerate(parts))


def _arrow(step: Step, source: Box, target: Box) -> Arrow:
    x1, y1 = source.x + WIDTH, source.y + HEIGHT // 2
    x2, y2 = target.x - 8, target.y + HEIGHT // 2
    bend = max((x2 - x1) // 2, 20)
    path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return Arrow(step=step, path=path, x=(x1 + x2) // 2, y=(y1 + y2) // 2 - 6)
