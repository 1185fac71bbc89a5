"""The command line: one due day explained, or JSON lines in and out at speed. Works without a database."""

import argparse
import json
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NoReturn, TextIO

from django.db import DatabaseError

from yimen.foundation.calendar.api import WorkCalendar, current_calendar, packaged_calendar
from yimen.kernel.errors import Invalid, Refusal
from yimen.modules.deadlines.rules import (
    Deadline,
    Limit,
    due_of,
    due_ordinals,
    due_text,
    limit_from,
)
from yimen.modules.deadlines.rules.compute import checked
from yimen.modules.deadlines.rules.values import local_day, local_moment

USAGE = 2
WEEKDAYS = "一二三四五六日"
BLOCK = 1 << 20
LINES = 20_000
HELP = """用法：
  deadline START AMOUNT [UNIT] [--first-day next|same] [--roll] [--exclude FROM/TO[/REASON]]… [--extend N]… [--json]
  deadline --batch        逐行读取 JSON，逐行写出 JSON

START   日期 2026-02-11，时刻 2026-02-11T09:30，或 today（今天）
UNIT    working_day（默认）calendar_day month year working_hour hour，也可写 工作日 日 个月 年 工作小时 小时
例：    deadline 2026-02-11 5
        deadline 2025-09-15 20 --exclude 2025-09-22/2025-10-15/检验检测
"""


class _Parser(argparse.ArgumentParser):
    """Refuses with a sentence instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise Invalid(HELP)


def deadline(
    argv: Sequence[str], stdin: TextIO, stdout: TextIO, at: datetime, calendar: WorkCalendar | None = None
) -> int:
    """``yimen deadline``: explain one due day, or answer ``--batch``.

    Args:
        argv: the arguments after ``deadline``.
        at: the present moment, for ``today``.
        calendar: default the calendar in force; the packaged one where there is no store.

    Returns:
        0 answered · 1 refused with a sentence · 2 not understood.
    """
    chosen = calendar or _calendar()
    if "--batch" in argv:
        return batch(stdin, stdout, chosen)
    if not argv or argv[0] in ("-h", "--help"):
        stdout.write(HELP)
        return 0 if argv else USAGE
    try:
        options = _parser().parse_args(argv)
    except Invalid as refusal:
        stdout.write(f"{refusal.message}\n")
        return USAGE
    try:
        answer = due_of(limit_from(_given(options, at)), chosen)
        text = _as_json(answer) if options.json else _explained(answer)
    except Refusal as refusal:
        text = json.dumps({"error": refusal.message}, ensure_ascii=False) if options.json else refusal.message
        stdout.write(f"{text}\n")
        return 1
    stdout.write(f"{text}\n")
    return 0


def _calendar() -> WorkCalendar:
    try:
        return current_calendar()
    except DatabaseError:  # no store, or one that was never migrated
        return packaged_calendar()


def _parser() -> _Parser:
    parser = _Parser(prog="deadline", add_help=False, allow_abbrev=False)
    parser.add_argument("start")
    parser.add_argument("amount", type=int)
    parser.add_argument("unit", nargs="?", default="working_day")
    parser.add_argument("--first-day", choices=["next", "same"], default="next")
    parser.add_argument("--roll", action="store_true")
    parser.add_argument("--exclude", action="append", default=[])
    parser.add_argument("--extend", action="append", type=int, default=[])
    parser.add_argument("--json", action="store_true")
    return parser


def _given(options: argparse.Namespace, at: datetime) -> dict[str, Any]:
    today = options.start in ("today", "今天")
    return {
        "start": local_day(at).isoformat() if today else options.start,
        "amount": options.amount,
        "unit": options.unit,
        "first_day": options.first_day,
        "roll": options.roll,
        "exclusions": [
            dict(zip(("from", "to", "reason"), e.split("/"), strict=False)) for e in options.exclude
        ],
        "extensions": [{"amount": n} for n in options.extend],
    }


def _as_json(answer: Deadline) -> str:
    days = [{"date": d.date.isoformat(), "counted": d.counted, "why": d.why} for d in answer.days]
    return json.dumps({"due": due_text(answer), "days": days}, ensure_ascii=False)


def _explained(answer: Deadline) -> str:
    limit = answer.limit
    due = f"{local_moment(answer.due_at):%H:%M}" if limit.unit.in_hours else "24:00 以前"
    longer = sum(e.amount for e in limit.extensions)
    lines = [
        f"起算  {_day(local_day(limit.start))}",
        f"期限  {limit.amount}{limit.unit.label}"
        + (f"，延长{longer}{limit.unit.label}" if longer else "")
        + ("，当日起算" if limit.first_day == "same" else ""),
        f"届满  {_day(answer.due_on)} {due}",
        "",
        _columns("日期", "计入", "说明", "依据"),
    ]
    lines += [_columns(_day(d.date), "是" if d.counted else "否", d.why, d.clause) for d in answer.days]
    return "\n".join(line.rstrip() for line in lines)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def _columns(*cells: str) -> str:
    return "  ".join(_padded(cell, width) for cell, width in zip(cells, (22, 4, 34, 0), strict=True))


def _padded(text: str, width: int) -> str:
    """Pad to a width in terminal cells: a Chinese character takes two."""
    cells = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(0, width - cells)


def batch(stdin: TextIO, stdout: TextIO, calendar: WorkCalendar) -> int:
    """JSON lines in, JSON lines out, in order; a bad line gets an ``error`` and the rest goes on."""
    for lines in _blocks(stdin):
        stdout.write("".join(_answers([line for line in lines if line.strip()], calendar)))
        stdout.flush()
    return 0


def _blocks(stdin: TextIO) -> Iterator[list[str | bytes]]:
    """Whole lines as they arrive: what is there is answered at once, so a caller may wait for each answer."""
    raw = getattr(stdin, "buffer", None)
    if raw is None or not hasattr(raw, "read1"):
        while lines := list(islice(stdin, LINES)):
            yield list(lines)
        return
    rest = b""
    while block := raw.read1(BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        if lines:
            yield lines
    if rest:
        yield [rest]


def _answers(lines: list[str | bytes], calendar: WorkCalendar) -> list[str]:
    answers: list[str] = [""] * len(lines)
    ids: list[Any] = [None] * len(lines)
    limits: dict[int, Limit] = {}
    for n, line in enumerate(lines):
        try:
            given = json.loads(line)
            ids[n] = given.get("id") if isinstance(given, dict) else None
            limit = limit_from(given)
            checked(limit)
        except Refusal as refusal:
            answers[n] = _line(ids[n], "error", refusal.message)
        except (ValueError, RecursionError):
            answers[n] = _line(None, "error", "这一行不是有效的 JSON。")
        else:
            limits[n] = limit
    for n, due in zip(limits, due_ordinals(list(limits.values()), calendar), strict=True):
        answers[n] = (
            _line(ids[n], "due", date.fromordinal(due).isoformat())
            if due
            else _scalar(ids[n], limits[n], calendar)
        )
    return answers


def _scalar(key: Any, limit: Limit, calendar: WorkCalendar) -> str:
    try:
        return _line(key, "due", due_text(due_of(limit, calendar)))
    except Refusal as refusal:
        return _line(key, "error", refusal.message)


def _line(key: Any, name: str, value: str) -> str:
    body = {name: value} if key is None else {"id": key, name: value}
    return json.dumps(body, ensure_ascii=False) + "\n"
