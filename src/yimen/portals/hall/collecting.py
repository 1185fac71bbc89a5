"""How and where the result is collected: the ways every item offers, and the centres at whose window it can lie."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from yimen.foundation.orgs import api as orgs
from yimen.kernel.clock import CHINA
from yimen.portals.hall.filling import CENTRE, DELIVERY, Filling

WAYS = {"window": "到窗口领取", "courier": "邮寄送达", "electronic": "网上下载"}
FORM_WAYS = {"window": "window", "kiosk": "window", "courier": "courier", "online": "electronic"}
MOST_CENTRES = 500


def delivery_ways(here: Filling) -> list[str]:
    """Ways that every item offers; a window always remains."""
    offered = [way for way in WAYS if all(way in s.content.delivery for s in here.standards)]
    return offered or ["window"]


def delivery_from_form(here: Filling) -> str:
    """The way already said in the form, "" when the form does not ask."""
    if not any(one.element == "delivery_way" for one in here.definition.fields()):
        return ""
    return FORM_WAYS.get(str(here.values.get("delivery_way") or ""), "")


def delivery_way(here: Filling, chosen: str = "") -> str:
    """The way in which the result will be handed over: said in the form, chosen, or the first one offered."""
    said = delivery_from_form(here) or chosen or str(here.values.get(DELIVERY) or "")
    ways = delivery_ways(here)
    return said if said in ways else ways[0]


def centres(here: Filling) -> list[orgs.Centre]:
    """Centres whose windows hand out the results: those in the smallest of the items' divisions.

    Items of places that have nothing in common are offered the centres of each place.
    """
    on = here.at.astimezone(CHINA).date()
    codes = {s.division_code for s in here.standards}
    smallest = [code for code in sorted(codes) if not any(c != code and orgs.within(c, code) for c in codes)]
    found = [centre for code in smallest for centre in orgs.centres(code, on)[:MOST_CENTRES]]
    return found[:MOST_CENTRES]


def usual_centre(here: Filling, offered: Iterable[orgs.Centre]) -> str:
    """The centre chosen before; else the one nearest to an address in the form; else the one of the items' own division."""
    known = {centre.code: centre.division.code for centre in offered}
    chosen = str(here.values.get(CENTRE) or "")
    if chosen in known:
        return chosen
    near = _division_in_form(here)
    own = {s.division_code for s in here.standards}

    def distance(code: str) -> tuple[int, bool, str]:
        shared = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(known[code], near, strict=False))
        )
        return -shared, known[code] not in own, code

    return min(known, key=distance, default="")


def _division_in_form(here: Filling) -> str:
    """The division of the first address that was typed, "" when there is none."""
    for one in here.definition.fields():
        element = here.definition.element(one.element)
        if element and element.type in ("address", "division"):
            value: Any = here.values.get(one.element)
            code = value.get("division") if isinstance(value, dict) else value
            if isinstance(code, str) and code:
                return orgs.prefix_of(code)
    return ""


def centre_label(centre: orgs.Centre) -> str:
    return f"{centre.name}（{centre.address}）" if centre.address else centre.name
