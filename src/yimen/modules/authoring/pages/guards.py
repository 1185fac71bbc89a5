"""The workbench is open to whoever writes, reviews or publishes; rows and acts are checked each for itself."""

from django.http import HttpRequest

from yimen.kernel.access import access, actor_of_request
from yimen.kernel.errors import NotFound
from yimen.modules.items.api.authors import Item, items_visible_to
from yimen.modules.items.permissions import ALL_GRANTS

MOST_PAGES = 100_000
working = access(*ALL_GRANTS)
"""Guards a page of the workbench: any of the three grants."""


def visible(request: HttpRequest, code: str) -> Item:
    """An item within the reach of whoever asks."""
    item = items_visible_to(actor_of_request(request)).filter(code=code).first()
    if item is None:
        raise NotFound()
    return item


def page_number(request: HttpRequest) -> int:
    """``?page=`` as a number; anything odd is the first page."""
    text = request.GET.get("page", "1")
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 9 else 1
