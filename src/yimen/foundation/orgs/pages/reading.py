"""Reading what a form or an address carries: odd input gives a clear answer, never a traceback."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from yimen.foundation.orgs import queries
from yimen.foundation.orgs.models import Division, Organisation
from yimen.kernel import lists
from yimen.kernel.errors import Invalid, NotFound
from yimen.kernel.paging import Page

M = TypeVar("M", bound=Model)


def page_of(queryset: "QuerySet[M]", request: HttpRequest, size: int = 20) -> Page[M]:
    """The page of a list that the address asks for."""
    text = request.GET.get("page", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
    return lists.page_of(queryset, asked, size)


def text_of(values: Mapping[str, str], field: str, longest: int = 200) -> str:
    """A line of text, without the zero bytes no database takes, and not longer than its column."""
    return (values.get(field) or "").replace("\x00", "").strip()[:longest]


def day_of(values: Mapping[str, str], field: str) -> date:
    """A day from a form.

    Raises:
        Invalid: it is empty or no day.
    """
    try:
        return date.fromisoformat((values.get(field) or "").strip())
    except ValueError:
        sentence = "请填写日期，如“2026-02-25”。"
        raise Invalid(sentence, fields={field: sentence}) from None


def division_of(values: Mapping[str, str], field: str = "division") -> Division:
    """The division whose code a form carries.

    Raises:
        Invalid: there is none.
    """
    code = text_of(values, field, 12)
    try:
        return queries.division_with_code(code)
    except NotFound:
        sentence = f"没有代码为“{code}”的行政区划，请填写区划代码，如 440113。"
        raise Invalid(sentence, fields={field: sentence}) from None


def organisation_of(values: Mapping[str, str], field: str) -> Organisation | None:
    """The organisation whose code a form carries; ``None`` when left empty.

    Raises:
        Invalid: there is none.
    """
    code = text_of(values, field, 60)
    if not code:
        return None
    try:
        return queries.organisation_with_code(code)
    except NotFound as missing:
        raise Invalid(missing.message, fields={field: missing.message}) from missing
