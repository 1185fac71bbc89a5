"""Reading what an address carries: odd input counts as nothing asked, never as an error."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet

from yimen.kernel import lists
from yimen.kernel.clock import CHINA
from yimen.kernel.paging import Page, window

M = TypeVar("M", bound=Model)


def text_of(values: Mapping[str, str], name: str, longest: int = 60) -> str:
    return str(values.get(name) or "").replace("\x00", "").strip()[:longest]


def whole(text: str, otherwise: int = 1) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def day_of(values: Mapping[str, str], name: str) -> date | None:
    try:
        found = date.fromisoformat(text_of(values, name, 10))
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2200 else None


def opening(day: date) -> datetime:
    """The first moment of a day in China."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def closing(day: date) -> datetime:
    """The first moment after a day in China."""
    return opening(day + timedelta(days=1))


def asked_of(values: Mapping[str, str], count: int, size: int) -> tuple[int, int, int]:
    """Offset, limit and number of the page that the address asks for; a page beyond the last shows the last."""
    return window(min(whole(text_of(values, "page", 9)), max(1, -(-count // size))), size)


def page_of(rows: "QuerySet[M]", values: Mapping[str, str], size: int = 30) -> Page[M]:
    """The page that the address asks for."""
    return lists.page_of(rows, whole(text_of(values, "page", 9)), size)
