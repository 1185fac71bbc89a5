"""Figures as files: what is seen, formulas neutralised."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.writer.excel import save_workbook

from yimen.kernel.spreadsheets import neutral
from yimen.modules.insight.queries.panels import Places, Trend
from yimen.modules.insight.rules.cubes import FLOW_MEASURES
from yimen.modules.insight.rules.periods import Period
from yimen.modules.insight.rules.ratios import Line

Cell = str | int | float | None
RATIOS = ("承诺按时率%", "平均用时（工作日）", "平均承诺（工作日）", "不到窗口%", "免交材料%")


def headings(first: str) -> list[Cell]:
    return [first, *FLOW_MEASURES.values(), *RATIOS]


def line_cells(line: Line) -> list[Cell]:
    """A line's label, all its sums and its ratios."""
    ratios = (line.on_time, line.used, line.promised, line.online, line.spared_share)
    return [
        line.label,
        *(line.n(name) for name in FLOW_MEASURES),
        *(None if r is None else round(r, 1) for r in ratios),
    ]


def csv_text(period: Period, places: Places, whole: Line) -> str:
    """The table of places with its total; a mark in front, so that spreadsheet programs read Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([period.label])
    for row in _table(places.heading.removeprefix("按"), [*places.lines, whole]):
        writer.writerow(row)
    return "\ufeff" + out.getvalue()


def xlsx_bytes(period: Period, places: Places, whole: Line, trend: Trend) -> bytes:
    """A workbook: places, and the course over time."""
    book = Workbook(write_only=True)
    _sheet(book, places.heading, period, _table(places.heading.removeprefix("按"), [*places.lines, whole]))
    _sheet(book, f"按{trend.grain}", period, _table(trend.grain, [*trend.rows, whole]))
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def _sheet(book: Workbook, name: str, period: Period, rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B3"
    sheet.append([period.label])
    for row in rows:
        sheet.append(list(row))


def _table(first: str, lines: Sequence[Line]) -> list[list[Cell]]:
    return [[_safe(cell) for cell in row] for row in [headings(first), *map(line_cells, lines)]]


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return neutral(ILLEGAL_CHARACTERS_RE.sub("", cell))
