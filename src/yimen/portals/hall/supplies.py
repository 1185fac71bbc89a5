"""What somebody has begun to put together for a correction or a supply: kept as a sealed draft until it is handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yimen.kernel.actor import Actor
from yimen.modules.forms import api as forms
from yimen.portals.hall.devices import Device
from yimen.portals.hall.filling import material_name

EMPTIED = "_emptied"


@dataclass(kw_only=True)
class Supply:
    """One handing-in in the making.

    Args:
        act: ``correct`` or ``supply``.
        number: the case.
        files: digests by requirement.
        licences: numbers of electronic licences by requirement.
        form: form fields as typed; only those that were touched.
        emptied: form fields that were emptied.
    """

    act: str
    number: str
    title: str
    draft: int | None = None
    revision: int = 0
    files: dict[str, list[str]] = field(default_factory=dict)
    licences: dict[str, str] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)

    @property
    def subject(self) -> str:
        return f"{self.act}:{self.number}"

    def merged_form(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The application's form with what was typed over it."""
        return {code: value for code, value in {**before, **self.form}.items() if code not in self.emptied}

    def values(self, codes: Iterable[str]) -> dict[str, Any]:
        """What a draft keeps, by field; ``None`` = nothing."""
        held: dict[str, Any] = {
            material_name(code): {"files": self.files.get(code, []), "licence": self.licences.get(code, "")}
            if self.files.get(code) or self.licences.get(code)
            else None
            for code in codes
        }
        return held | self.form | {EMPTIED: sorted(self.emptied) or None}


def load(act: str, number: str, title: str, codes: Iterable[str], actor: Actor) -> Supply:
    """What was kept of a correction or supply; an empty one when nothing was.

    Args:
        codes: the requirements that are wanted; what was kept for others no longer matters.
    """
    supply = Supply(act=act, number=number, title=title)
    kept = forms.load_draft(supply.subject, actor)
    if kept is None:
        return supply
    supply.draft, supply.revision = kept.id, kept.revision
    for code in codes:
        held = kept.values.get(material_name(code))
        if isinstance(held, Mapping):
            supply.files[code] = [str(digest) for digest in held.get("files") or ()]
            supply.licences[code] = str(held.get("licence") or "")
    supply.form = {code: value for code, value in kept.values.items() if not code.startswith("_")}
    supply.emptied = {str(code) for code in kept.values.get(EMPTIED) or ()}
    return supply


def keep(
    supply: Supply, codes: Iterable[str], actor: Actor, at: datetime, device: Device, seen: int
) -> forms.SavedDraft:
    """Keep it; the device that saves last wins field by field, what another one wrote meanwhile is not undone unseen.

    Args:
        seen: the revision that the page knows.
    """
    held = supply.values(codes)
    saved = forms.save_draft(
        supply.subject,
        {code: value for code, value in held.items() if value is not None},
        actor,
        at,
        based_on=seen,
        cleared={code for code, value in held.items() if value is None} | supply.emptied,
        title=supply.title,
        device=device.label,
    )
    supply.draft, supply.revision = saved.id, saved.revision
    return saved


def forget(supply: Supply, actor: Actor) -> None:
    """It was handed in."""
    forms.discard_drafts_about(supply.subject, actor)
