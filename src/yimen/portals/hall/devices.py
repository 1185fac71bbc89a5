"""One draft open on two devices: what this page has seen, and which of its fields were changed elsewhere meanwhile.

Each page of a form carries the revision it was loaded with and a mark of its own, so that what the same page saved a
moment ago is not taken for another device.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from yimen.kernel.actor import Actor
from yimen.modules.forms import api as forms
from yimen.portals.hall.pages.reading import device_of

REVISION, PAGE, USE = "_revision", "_page", "_use-"
THERE = "there"
MARK_LENGTH = 12
LONGEST_REVISION = 9


@dataclass(frozen=True, kw_only=True)
class Device:
    """One page on one device.

    Args:
        name: 手机 or 电脑.
        mark: the page's own mark, "" from a page without one.
        revision: the revision that the page was loaded with; ``None`` = the page does not say.
    """

    name: str
    mark: str = ""
    revision: int | None = None

    @property
    def label(self) -> str:
        """How a saving is noted."""
        return f"{self.name}#{self.mark}" if self.mark else self.name


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """One field that stands differently elsewhere.

    Args:
        here, there: both values in words.
        where: the kind of device that wrote the other value.
        changed_here: this page changed the field as well; then its own value is proposed.
    """

    code: str
    label: str
    here: str
    there: str
    where: str
    at: datetime
    changed_here: bool


@dataclass(frozen=True, kw_only=True)
class Other:
    """What another page wrote into a field."""

    value: Any
    where: str
    at: datetime


def device_of_page(request: HttpRequest) -> Device:
    """The page that a post comes from."""
    said = request.POST.get(REVISION, "")
    fits = said.isascii() and said.isdigit() and len(said) <= LONGEST_REVISION
    mark = request.POST.get(PAGE, "")[:MARK_LENGTH]
    return Device(
        name=device_of(request),
        mark=mark if mark.isascii() and mark.isalnum() else "",
        revision=int(said) if fits else None,
    )


def new_mark() -> str:
    """A mark for a page that is about to be shown."""
    return secrets.token_hex(4)


def seen_by(draft_id: int | None, latest: int, device: Device, actor: Actor) -> int:
    """The revision that a page knows: the one it was loaded with and whatever it saved itself directly afterwards.

    Args:
        latest: the draft's revision now.
    """
    if draft_id is None or device.revision is None or device.revision >= latest:
        return latest
    seen = device.revision
    for revision, _at, label, _values in reversed(forms.revisions_of(draft_id, actor)):
        if revision == seen + 1 and device.mark and label == device.label:
            seen = revision
    return seen


def others(
    draft_id: int, seen: int, device: Device, mine: Mapping[str, Any], actor: Actor
) -> dict[str, Other]:
    """What other pages wrote since, where it differs from what this page holds.

    Args:
        seen: the revision this page knows (``seen_by``).
        mine: this page's fields with their values, ``None`` = empty.
    """
    found: dict[str, Other] = {}
    rows = forms.revisions_of(draft_id, actor)[::-1]
    before: Mapping[str, Any] | None = {} if rows and rows[0][0] == 1 else None
    for revision, at, label, values in rows:
        if before is not None and revision > seen and not (device.mark and label == device.label):
            for code in mine:
                if values.get(code) != before.get(code):
                    found[code] = Other(value=values.get(code), where=label.partition("#")[0], at=at)
        before = values
    return {code: other for code, other in found.items() if other.value != mine[code]}


def chosen_there(request: HttpRequest, codes: Iterable[str]) -> set[str]:
    """Fields for which the person wants what the other device wrote."""
    return {code for code in codes if request.POST.get(f"{USE}{code}") == THERE}


def has_chosen(request: HttpRequest) -> bool:
    """Did the page offer a choice between two devices?"""
    return any(name.startswith(USE) for name in request.POST)


def label_of(definition: forms.FormDefinition, code: str) -> str:
    """What people read beside a field."""
    field = next((one for one in definition.fields() if one.element == code), None)
    return definition.label(field) if field else code


def value_words(
    definition: forms.FormDefinition,
    code: str,
    value: Any,
    known: Mapping[str, Any] | None = None,
    division_name: Callable[[str], str] = str,
) -> str:
    """A typed value in words, also when it does not fit; "" = empty.

    Args:
        known: facts beside the form.
        division_name: the name of a division code.
    """
    element = definition.element(code)
    if value is None or element is None:
        return "" if value is None else str(value)
    if element.type == "table":
        return f"共{len(value)}行"
    cleaned, _problems = forms.clean_values(definition, {code: value}, known or {})
    if code in cleaned:
        return forms.words(element, cleaned[code], division_name=division_name)
    return "".join(str(part) for part in value.values()) if isinstance(value, dict) else str(value)


def given_words(value: Any) -> str:
    """How a material is given, in words."""
    held = value if isinstance(value, Mapping) else {}
    said = {"promise": "以书面承诺代替", "owed": "后补"}.get(str(held.get("how")), "")
    parts = [f"{len(held['files'])}份文件"] if held.get("files") else []
    if held.get("licence") and held.get("how") in (None, "licence"):
        parts.append(f"证照号码{held['licence']}")
    return said or "，".join(parts)
