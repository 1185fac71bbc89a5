"""Reading what a browser sends: everything may be missing, odd or far too long."""

import re

from django.http import HttpRequest

from yimen.kernel.access import actor_of_request
from yimen.kernel.addresses import client_address
from yimen.kernel.clock import now
from yimen.kernel.paging import MAX_SIZE
from yimen.portals.hall import filling
from yimen.portals.hall.filling import Filling

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
MOST_ITEMS = 30


def page_number(request: HttpRequest) -> int:
    """``?page=``, 1 when it is no number."""
    said = request.GET.get("page", "1")
    return min(int(said), 1_000_000) if re.fullmatch(r"\d{1,7}", said, re.ASCII) else 1


def page_size(request: HttpRequest, usual: int) -> int:
    said = request.GET.get("size", "")
    return min(int(said), MAX_SIZE) if re.fullmatch(r"[1-9]\d{0,2}", said, re.ASCII) else usual


def text_of(request: HttpRequest, name: str, most: int = 200) -> str:
    """A trimmed line from the address or the form, without characters that no database takes."""
    said = request.POST.get(name) if request.method == "POST" else request.GET.get(name)
    return str(said or "").replace("\x00", "").strip()[:most]


def item_codes(request: HttpRequest) -> list[str]:
    """The items of ``?item=A&item=B``, each once; ``?item=A,B`` is understood too."""
    given = [part.strip() for said in request.GET.getlist("item") for part in said.split(",")]
    return list(dict.fromkeys(code for code in given if CODE.fullmatch(code)))[: MOST_ITEMS + 1]


def filling_of(request: HttpRequest) -> Filling:
    """The application in the making that the address names: ``?theme=`` with answers ``a-…``, or ``?item=`` once or more.

    Raises:
        NotFound, NotPossible: the theme or an item may not be applied for.
    """
    actor, at = actor_of_request(request), now()
    if theme := request.GET.get("theme", "")[:64]:
        return filling.load_theme(theme, actor, at, answers_said(request))
    return filling.load(item_codes(request), actor, at)


def answers_said(request: HttpRequest) -> dict[str, str]:
    """Answers in the address: ``a-question=option``."""
    said = {name.removeprefix("a-"): request.GET[name][:300] for name in request.GET if name.startswith("a-")}
    return {
        name: answer.replace("\x00", "") for name, answer in list(said.items())[:60] if CODE.fullmatch(name)
    }


def device_of(request: HttpRequest) -> str:
    """The kind of device, for the person to recognise a saving by; never the whole browser string."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    return "手机" if re.search(r"Mobile|Android|iPhone", agent) else "电脑"


def address_of(request: HttpRequest) -> str:
    """The network address that a rate is counted by."""
    return client_address(request)
