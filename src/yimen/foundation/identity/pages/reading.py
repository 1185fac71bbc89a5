"""Reading what a form or an address carries: odd input gives a clear answer, never a traceback."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from yimen.foundation.orgs import api as orgs
from yimen.foundation.orgs.api import Centre, Division, Organisation
from yimen.kernel import lists
from yimen.kernel.errors import Invalid, NotFound
from yimen.kernel.paging import Page

M = TypeVar("M", bound=Model)
LARGEST_KEY = 2**63 - 1


def whole(text: str, otherwise: int = 1) -> int:
    """A whole number from an address, or ``otherwise``."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def key_of(text: str) -> int:
    """A row's key from a form; 0, which no row has, when it is none."""
    return min(int(text), LARGEST_KEY) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def page_of(queryset: "QuerySet[M]", request: HttpRequest, size: int = 20) -> Page[M]:
    """The page of a list that the address asks for."""
    return lists.page_of(queryset, whole(request.GET.get("page", "")), size)


def day_of(values: Mapping[str, str], field: str) -> date | None:
    """A day from a form; ``None`` when left empty.

    Raises:
        Invalid: it is no day.
    """
    text = (values.get(field) or "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = "日期不对，请按“2026-02-25”的样子填写。"
        raise Invalid(sentence, fields={field: sentence}) from None


def text_of(values: Mapping[str, str], field: str, longest: int = 200) -> str:
    """A line of text from a form, without the zero bytes no database takes, and not longer than its column."""
    return (values.get(field) or "").replace("\x00", "").strip()[:longest]


def division_of(values: Mapping[str, str], field: str = "division") -> Division | None:
    """The division whose code a form carries; ``None`` when left empty.

    Raises:
        Invalid: there is no such division.
    """
    code = text_of(values, field, 12)
    if not code:
        return None
    try:
        return orgs.division_with_code(code)
    except NotFound as missing:
        raise Invalid(missing.message, fields={field: missing.message}) from missing


def organisation_of(values: Mapping[str, str], field: str = "organisation") -> Organisation | None:
    """The organisation whose code a form carries; ``None`` when left empty."""
    code = text_of(values, field, 60)
    if not code:
        return None
    try:
        return orgs.organisation_with_code(code)
    except NotFound as missing:
        raise Invalid(missing.message, fields={field: missing.message}) from missing


def centre_of(values: Mapping[str, str], field: str = "centre") -> Centre | None:
    """The centre whose code a form carries; ``None`` when left empty."""
    code = text_of(values, field, 60)
    if not code:
        return None
    try:
        return orgs.centre_with_code(code)
    except NotFound as missing:
        raise Invalid(missing.message, fields={field: missing.message}) from missing
