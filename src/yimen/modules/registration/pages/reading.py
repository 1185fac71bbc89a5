"""Reading what a browser sends: everything may be missing, odd or far too long."""

from django.http import HttpRequest

MOST_PAGES = 100_000


def text_of(request: HttpRequest, name: str, most: int = 200) -> str:
    """A trimmed line from the address or the form, without characters that no database takes."""
    said = request.POST.get(name) if request.method == "POST" else request.GET.get(name)
    return str(said or "").replace("\x00", "").strip()[:most]


def page_number(request: HttpRequest) -> int:
    """``?page=`` as a number; anything odd is the first page."""
    text = request.GET.get("page", "1")
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 9 else 1
