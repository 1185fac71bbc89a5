"""The workbench is open to whoever writes or publishes themes; rows and acts are checked each for itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.modules.themes.permissions import ALL_GRANTS, WRITE

View = Callable[..., HttpResponseBase]
MOST_PAGES = 100_000


def working(view: View) -> View:
    """Guard a page of the workbench: either grant."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not actor_of_request(request).may_any(ALL_GRANTS):
            raise PermissionDenied(WRITE)
        return view(request, *args, **kwargs)

    return access(SIGNED_IN)(guarded)


def page_number(request: HttpRequest) -> int:
    """``?page=`` as a number; anything odd is the first page."""
    text = request.GET.get("page", "1")
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def given(request: HttpRequest, name: str, longest: int = 80) -> str:
    """A text from the address, never odd."""
    return request.GET.get(name, "").replace("\x00", "")[:longest].strip()
