"""Reads of drafts: always the owner's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.modules.forms.controls import DivisionGroup
from yimen.modules.forms.models import Draft

SEAL = "forms.draft"


@dataclass(frozen=True, kw_only=True)
class LoadedDraft:
    """A draft with its values open.

    Args:
        values: by element code, as typed (not checked).
        revision: to be sent back with the next saving.
        step: where the person was.
    """

    id: int
    subject: str
    name: str
    title: str
    step: str
    revision: int
    values: Mapping[str, Any]
    updated_at: datetime


def drafts_visible_to(actor: Actor) -> QuerySet[Draft]:
    """The actor's own drafts, the newest first; nobody else sees what is not handed in."""
    if actor.account_id is None:
        return Draft.objects.none()
    return Draft.objects.filter(owner_id=actor.account_id).defer("sealed").order_by("-updated_at", "-id")


def load_draft(subject: str, actor: Actor, *, name: str = "") -> LoadedDraft | None:
    """The actor's draft about a subject, ``None`` when there is none."""
    found = (
        Draft.objects.filter(owner_id=actor.account_id, subject=subject, name=name).first()
        if actor.signed_in
        else None
    )
    return _opened(found) if found else None


def draft_with_id(draft_id: int, actor: Actor) -> LoadedDraft:
    """One of the actor's drafts.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = drafts_visible_to(actor).defer(None).filter(pk=draft_id).first()
    if found is None:
        raise NotFound("没有找到这份草稿，可能已经提交或者删除。")
    return _opened(found)


def revisions_of(draft_id: int, actor: Actor) -> list[tuple[int, datetime, str, dict[str, Any]]]:
    """The last savings of a draft, the newest first: ``(revision, saved at, device, values)``.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    draft = draft_with_id(draft_id, actor)
    rows = Draft.objects.get(pk=draft.id).revisions.order_by("-revision")
    return [
        (row.revision, row.saved_at, row.device, identity.unseal_json(bytes(row.sealed), SEAL))
        for row in rows
    ]


def open_content(draft: Draft) -> dict[str, list[tuple[int, Any]]]:
    """The sealed history of a draft's fields."""
    content = identity.unseal_json(bytes(draft.sealed), SEAL)
    return {name: [(revision, value) for revision, value in entries] for name, entries in content.items()}


MOST_VILLAGES = 1500


def division_choices(under: str, on: date) -> tuple[DivisionGroup, ...]:
    """Towns and villages of a district for the address selects, one statement.

    Args:
        under: code of the district.
        on: the day on which they stand.
    """
    rows = (
        orgs.divisions_under(under, on=on)
        .filter(level__gte=4)
        .values_list("code", "name", "level")[:MOST_VILLAGES]
    )
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for code, name, level in rows:
        if level == 4:
            groups[code[:9]] = (name, [(code, name)])
        else:
            groups.setdefault(code[:9], (name, []))[1].append((code, name))
    return tuple(DivisionGroup(name=name, choices=tuple(choices)) for name, choices in groups.values())


def _opened(draft: Draft) -> LoadedDraft:
    history = open_content(draft)
    values = {
        name: entries[-1][1] for name, entries in history.items() if entries and entries[-1][1] is not None
    }
    return LoadedDraft(
        id=draft.pk,
        subject=draft.subject,
        name=draft.name,
        title=draft.title,
        step=draft.step,
        revision=draft.revision,
        values=values,
        updated_at=draft.updated_at,
    )
