"""What every page's frame needs: theme, district, who is signed in and for whom, navigation."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import Actor
from yimen.portals.ui import navigation

THEME_COOKIE = "yimen_theme"
SIZE_COOKIE = "yimen_size"
THEMES = ("light", "contrast")
SIZES = ("normal", "large")


def address(name: str) -> str:
    """The address of a named page, or "" while nobody serves it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Chrome:
    """The frame of a page, worked out only as far as its layout asks.

    A portal may replace it in its own context to say more (centre, post), or put values on the request:
    ``request.acting_for`` (name of the person or enterprise acted for), ``request.post_name``,
    ``request.centre_name``.
    """

    product = "一门"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> Actor:
        return actor_of_request(self.request)

    @property
    def demo(self) -> bool:
        return bool(getattr(settings, "DEMO", False))

    @property
    def district(self) -> str:
        return str(getattr(settings, "DISTRICT_NAME", "") or ("示范区" if self.demo else ""))

    @cached_property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else THEMES[0]

    @cached_property
    def size(self) -> str:
        chosen = self.request.COOKIES.get(SIZE_COOKIE, "")
        return chosen if chosen in SIZES else SIZES[0]

    @cached_property
    def name(self) -> str:
        """How the person is addressed in the frame."""
        return self.actor.name if self.actor.signed_in else ""

    @cached_property
    def acting_for(self) -> str:
        return str(getattr(self.request, "acting_for", "") or "")

    @cached_property
    def post(self) -> str:
        return str(getattr(self.request, "post_name", "") or "")

    @cached_property
    def centre(self) -> str:
        return str(getattr(self.request, "centre_name", "") or "")

    def _entries(self, room: str) -> list[navigation.Shown]:
        current = getattr(self.request, "nav_current", "")
        return navigation.entries(room, self.actor, str(current or ""), self.request.path)

    @cached_property
    def hall(self) -> list[navigation.Shown]:
        return self._entries("hall")

    @cached_property
    def desk(self) -> list[navigation.Shown]:
        return self._entries("desk")

    @cached_property
    def console(self) -> list[navigation.Shown]:
        """Entries of one section stand together, sections in the order of their first entry."""
        shown = self._entries("console")
        sections = list(dict.fromkeys(entry.section for entry in shown))
        return sorted(shown, key=lambda entry: sections.index(entry.section))

    @cached_property
    def rooms(self) -> list[dict[str, Any]]:
        """The other rooms this actor may enter, with the first address of each."""
        named = (("hall", "办事大厅"), ("desk", "工作台"), ("console", "管理"))
        return [
            {"room": room, "label": label, "url": shown[0].url}
            for room, label in named
            if (shown := getattr(self, room))
        ]

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses that frames link to; "" when nobody serves them."""
        names = {
            "home": "hall:home",
            "search": "hall:search",
            "login": "account_login",
            "logout": "account_logout",
            "signup": "account_signup",
            "me": "hall:me",
            "acting": "identity_representations",
            "appearance": "ui:appearance",
            "palette": "desk:palette",
            "help": "hall:help",
        }
        return {key: address(name) for key, name in names.items()}


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame of the page, as ``chrome``."""
    return {"chrome": Chrome(request)}
