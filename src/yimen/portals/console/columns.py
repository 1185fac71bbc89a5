"""The columns of the case list: which there are, how each is told, which a person chose."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.portals.console.oversight import days_left
from yimen.portals.console.words import channel_word

COOKIE = "yimen_case_columns"
Tell = Callable[[cases.Case, datetime], str]


@dataclass(frozen=True)
class Column:
    """A column: its code in the cookie, its heading, what an export writes."""

    code: str
    label: str
    tell: Tell
    sort: str = ""


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else ""


def _left(case: cases.Case, at: datetime) -> str:
    left = days_left(case, at)
    return "" if left is None else str(left)


COLUMNS = {
    column.code: column
    for column in (
        Column("number", "办件编号", lambda c, _: c.number),
        Column("item", "事项", lambda c, _: c.item.name),
        Column("applicant", "申请人", lambda c, _: c.application.applicant_label),
        Column("state", "状态", lambda c, _: cases.STATE_LABELS[cases.CaseState(c.state)]),
        Column("left", "剩余工作日", _left),
        Column("due", "应办结时间", lambda c, _: _moment(c.due_at), "due"),
        Column("organisation", "部门", lambda c, _: c.organisation.label),
        Column("centre", "受理中心", lambda c, _: c.centre.name if c.centre else ""),
        Column("channel", "渠道", lambda c, _: channel_word(c.application.channel)),
        Column("received", "收件时间", lambda c, _: _moment(c.application.received_at), "received"),
        Column("finished", "办结时间", lambda c, _: _moment(c.finished_at)),
    )
}
ALWAYS = "number"
DEFAULT = ("number", "item", "state", "left", "organisation", "received")


def chosen(text: str) -> list[Column]:
    """The columns of a cookie in the house's order; the default where it says nothing sensible."""
    wanted = set(text.split("-")) & COLUMNS.keys()
    return in_order(wanted or DEFAULT)


def in_order(codes: Iterable[str]) -> list[Column]:
    """Columns in the house's order; the number always is among them."""
    wanted = {ALWAYS, *codes}
    return [column for code, column in COLUMNS.items() if code in wanted]


def cookie_of(codes: Iterable[str]) -> str:
    return "-".join(column.code for column in in_order(codes))
