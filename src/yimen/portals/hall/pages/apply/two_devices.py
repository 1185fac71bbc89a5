"""Keeping a step while another device types into the same draft: nothing is undone unseen, and both values are offered."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yimen.portals.hall import devices, filling
from yimen.portals.hall.devices import Elsewhere, Other
from yimen.portals.hall.filling import Filling
from yimen.portals.hall.pages.apply import showing
from yimen.portals.hall.pages.apply.taking import Taken

MATERIAL = filling.material_name("")


def keep(
    request: HttpRequest, here: Filling, taken: Taken, step: str, *, choices: bool = True
) -> list[Elsewhere]:
    """Keep what a post brought, as the page knew the draft.

    Args:
        choices: apply what the person chose between two devices; saving while somebody types does not.

    Returns:
        Fields that stand differently on another device, for the person to choose.
    """
    device = devices.device_of_page(request)
    seen: int | None = devices.seen_by(here.draft, here.revision, device, here.actor)
    if choices and here.draft is not None and seen is not None and devices.has_chosen(request):
        _take_over(request, here, taken, devices.others(here.draft, seen, device, _mine(taken), here.actor))
        seen = None
    saved = filling.save(here, taken.values, cleared=taken.cleared, step=step, device=device.label, seen=seen)
    mine = _mine(taken)
    if seen is None or not (set(saved.clashes) | set(saved.others)) & set(mine):
        return []
    found = devices.others(saved.id, seen, device, mine, here.actor)
    return [_line(here, code, mine[code], other, code in saved.clashes) for code, other in found.items()]


def _mine(taken: Taken) -> dict[str, Any]:
    """The fields of this step as the page holds them; what the pages note for themselves is nobody's conflict."""
    held = {code: None for code in taken.cleared} | taken.values
    return {
        code: value for code, value in held.items() if not code.startswith("_") or code.startswith(MATERIAL)
    }


def _take_over(request: HttpRequest, here: Filling, taken: Taken, found: Mapping[str, Other]) -> None:
    for code in devices.chosen_there(request, found):
        if found[code].value is None:
            taken.values.pop(code, None)
            taken.cleared.add(code)
        else:
            taken.values[code] = found[code].value
            taken.cleared.discard(code)


def _line(here: Filling, code: str, mine: Any, other: Other, changed_here: bool) -> Elsewhere:
    if code.startswith(MATERIAL):
        key = code.removeprefix(MATERIAL)
        label = next((one.name for one in here.asked()[0] if one.key == key), _("材料"))
        words = [devices.given_words(value) for value in (mine, other.value)]
    else:
        label, named = devices.label_of(here.definition, code), showing.division_name(here)
        words = [
            devices.value_words(here.definition, code, value, here.answers, named)
            for value in (mine, other.value)
        ]
    return Elsewhere(
        code=code, label=label, here=words[0], there=words[1], where=other.where, at=other.at,
        changed_here=changed_here,
    )  # fmt: skip
