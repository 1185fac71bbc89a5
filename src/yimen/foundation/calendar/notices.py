"""Reading a year's notice as an operator pastes it: lines, CSV or JSON (pure)."""

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from yimen.foundation.calendar.rules import SATURDAY, WorkCalendar, YearDays
from yimen.kernel.errors import Invalid

OFF_WORDS = {"off", "放假", "休", "休息", "0"}
WORK_WORDS = {"work", "working", "上班", "班", "调休上班", "1"}
LONGEST_RUN = 31
FEWEST, MOST = 245, 255

_LINE = re.compile(
    r"^\s*(?P<first>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)"
    r"(?:\s*(?:至|到|~|—|–|\.\.|\s-\s)\s*(?P<last>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?))?"
    r"[\s,，;；:：]*(?P<name>.*)$"
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One result of the plausibility check.

    Args:
        blocking: True = the version cannot be published like this.
        sentence: what was found and what would be right.
    """

    blocking: bool
    sentence: str


def read_days(text: str, field: str) -> dict[date, str]:
    """Days from pasted lines such as ``2027-02-05 至 2027-02-11 春节`` or ``2027-01-01,元旦``.

    Raises:
        Invalid: a line cannot be read; ``field`` carries the sentence with the line number.
    """
    days: dict[date, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if not match:
            _refuse(field, number, "应以日期开头，例如 2027-02-05 春节")
        first = _day(match["first"], field, number)
        last = _day(match["last"], field, number) if match["last"] else first
        if not 0 <= (last - first).days < LONGEST_RUN:
            _refuse(field, number, "结束日期应在开始日期之后一个月以内")
        for offset in range((last - first).days + 1):
            days[first + timedelta(days=offset)] = match["name"].strip(" ,，") or "放假"
    return days


def read_file(text: str, source: str = "") -> list[YearDays]:
    """Years from a CSV (columns date, kind[, name]) or JSON (``{"days": [{"date", "isOffDay", "name"}]}``) file.

    Raises:
        Invalid: neither form can be read.
    """
    stripped = text.lstrip("\ufeff \r\n\t")
    rows = _json_rows(stripped) if stripped.startswith(("{", "[")) else _csv_rows(stripped)
    off: dict[date, str] = {}
    worked: dict[date, str] = {}
    for number, (day, kind, name) in enumerate(rows, start=1):
        word = kind.strip().lower()
        if word not in OFF_WORDS | WORK_WORDS:
            _refuse("file", number, f"“{kind}”应写作 off（放假）或 work（调休上班）")
        (off if word in OFF_WORDS else worked)[_day(day, "file", number)] = name.strip() or "放假"
    if not off and not worked:
        raise Invalid("文件中没有日期。", fields={"file": "文件中没有日期，请检查后重新选择。"})
    return split_by_year(off, worked, source)


def split_by_year(off: dict[date, str], worked: dict[date, str], source: str = "") -> list[YearDays]:
    """Put each day into its own year: a notice for New Year may name the last days of the year before."""
    return [
        YearDays(
            year=year,
            off_days={d: n for d, n in off.items() if d.year == year},
            working_weekend_days={
                d: n for d, n in worked.items() if d.year == year and d.weekday() >= SATURDAY
            },
            source=source,
        )
        for year in sorted({d.year for d in (*off, *worked)})
    ]


def check_years(years: Iterable[YearDays]) -> list[Finding]:
    """Plausibility of a whole version: what blocks publishing, and what deserves a second look."""
    years = sorted(years, key=lambda y: y.year)
    numbers = [y.year for y in years]
    if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return [Finding(blocking=True, sentence="年份应连续，中间不能缺少年份。")]
    calendar = WorkCalendar(tuple(years))
    return [finding for year in years for finding in _check_year(year, calendar)]


def _check_year(year: YearDays, calendar: WorkCalendar) -> list[Finding]:
    found = []
    for day in sorted({*year.off_days, *year.working_weekend_days}):
        if day.year != year.year:
            found.append(
                Finding(blocking=True, sentence=f"{day:%Y-%m-%d}不在{year.year}年内，请移到它所在的年份。")
            )
    for day in sorted(year.working_weekend_days):
        if day.weekday() < SATURDAY:
            found.append(
                Finding(blocking=True, sentence=f"{day:%Y-%m-%d}不是星期六或星期日，不能作为调休上班日。")
            )
        if day in year.off_days:
            found.append(Finding(blocking=True, sentence=f"{day:%Y-%m-%d}既列为放假又列为上班，请保留一个。"))
    count = calendar.working_days_in(year.year)
    if not FEWEST <= count <= MOST:
        found.append(
            Finding(
                blocking=True,
                sentence=f"{year.year}年算得{count}个工作日，合理范围是{FEWEST}至{MOST}个，请核对。",
            )
        )
    names = set(year.off_days.values())
    if year.off_days and not any("春节" in n for n in names):
        found.append(
            Finding(blocking=False, sentence=f"{year.year}年没有名为“春节”的放假日，请核对节日名称。")
        )
    moved = sum(1 for d in year.off_days if d.weekday() < SATURDAY)
    if year.off_days and len(year.working_weekend_days) > moved:
        found.append(Finding(blocking=False, sentence=f"{year.year}年调休上班日多于放假的工作日，请核对。"))
    return found


def _json_rows(text: str) -> list[tuple[str, str, str]]:
    try:
        data = json.loads(text)
        days = data["days"] if isinstance(data, dict) else data
        return [(str(d["date"]), "off" if d["isOffDay"] else "work", str(d.get("name", ""))) for d in days]
    except (ValueError, KeyError, TypeError, AttributeError):
        sentence = 'JSON 应为 {"days": [{"date": "2027-01-01", "isOffDay": true, "name": "元旦"}]}。'
        raise Invalid(sentence, fields={"file": sentence}) from None


def _csv_rows(text: str) -> list[tuple[str, str, str]]:
    rows = [row for row in csv.reader(io.StringIO(text)) if row and any(cell.strip() for cell in row)]
    if rows and not rows[0][0][:1].isdigit():
        rows = rows[1:]
    if any(len(row) < 2 for row in rows):
        sentence = "CSV 每行应有日期、类别（off 或 work），可有节日名，例如 2027-01-01,off,元旦。"
        raise Invalid(sentence, fields={"file": sentence})
    return [(row[0], row[1], row[2] if len(row) > 2 else "") for row in rows]


def _day(text: str, field: str, number: int) -> date:
    parts = re.findall(r"\d+", text)
    try:
        return date(*map(int, parts[:3]))
    except (ValueError, TypeError):
        _refuse(field, number, f"“{text}”不是有效日期，应写作 2027-01-01")


def _refuse(field: str, number: int, what: str) -> NoReturn:
    sentence = f"第{number}行不能读取：{what}。"
    raise Invalid(sentence, fields={field: sentence})
