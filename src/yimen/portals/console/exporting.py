"""The list as a file: what is seen, all pages, formulas neutralised, memory constant."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.writer.excel import save_workbook

from yimen.kernel.errors import NotPossible
from yimen.kernel.spreadsheets import neutral
from yimen.modules.cases import api as cases
from yimen.portals.console.columns import Column

CHUNK = 1000
MOST_XLSX = 200_000


class _Line:
    """A file that hands each written line straight on."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: "QuerySet[cases.Case]", columns: Sequence[Column], at: datetime) -> Iterator[str]:
    """UTF-8 with a mark, so that spreadsheet programs read Chinese."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow([column.label for column in columns])
    for line in _lines(rows, columns, at):
        yield writer.writerow(line)


def xlsx_file(rows: "QuerySet[cases.Case]", columns: Sequence[Column], at: datetime, count: int) -> IO[bytes]:
    """A workbook written row by row into a temporary file.

    Raises:
        NotPossible: too many rows for a sheet that still opens.
    """
    if count > MOST_XLSX:
        raise NotPossible(
            f"一共{count:,}条，超过 Excel 表格一次能导出的{MOST_XLSX:,}条。",
            would_pass="请缩小筛选范围，或者改为导出 CSV。",
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("办件")
    sheet.freeze_panes = "A2"
    sheet.append([column.label for column in columns])
    for line in _lines(rows, columns, at):
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in line])
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    save_workbook(book, file)
    file.seek(0)
    return file


def _lines(rows: "QuerySet[cases.Case]", columns: Sequence[Column], at: datetime) -> Iterable[list[str]]:
    for case in rows.iterator(chunk_size=CHUNK):
        yield [neutral(column.tell(case, at)) for column in columns]
