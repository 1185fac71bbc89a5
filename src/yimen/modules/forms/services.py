"""Saving, discarding and forgetting drafts."""

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from yimen.foundation.identity import api as identity
from yimen.foundation.params import api as params
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotAllowed, NotFound, TooMany
from yimen.modules.forms.models import Draft, DraftRevision
from yimen.modules.forms.queries import SEAL, open_content
from yimen.modules.forms.rules import merged

REVISIONS_KEPT = 10
MOST_BYTES = 256 * 1024
MOST_DRAFTS = 100
KEEP_DAYS = params.declare(
    "forms.draft_days",
    90,
    "草稿保留天数（自最后一次保存起，单位：天）",
    "个人信息保护法第十九条：保存期限应当为实现处理目的所必要的最短时间",
)


@dataclass(frozen=True, kw_only=True)
class SavedDraft:
    """What a saving did.

    Args:
        id: the draft.
        revision: to be sent back with the next saving.
        clashes: fields that another device had changed meanwhile; what this device sent was kept, the other value stays in
            the revisions and should be told to the person.
        others: fields that another device changed and this one has not seen yet, with their values.
    """

    id: int
    revision: int
    clashes: tuple[str, ...]
    others: Mapping[str, Any]


def save_draft(
    subject: str,
    values: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    *,
    name: str = "",
    based_on: int = 0,
    cleared: Set[str] = frozenset(),
    step: str = "",
    title: str = "",
    device: str = "",
) -> SavedDraft:
    """Keep what is typed so far, sealed; nothing is checked but its size.

    Two devices may type into one draft: the newest value wins field by field, unchanged fields of a device that has been
    open for long undo nothing, and the last ten savings are kept.

    Args:
        subject: what is being filled in, such as ``item:CODE``.
        values: by element code, as typed; fields left out stay.
        actor: the owner.
        at: now.
        name: tells several drafts of one subject apart.
        based_on: ``revision`` that the device had loaded or last saved.
        cleared: fields that were emptied.
        step: where the person is in the form.
        title: what the list of drafts shows.
        device: note such as the browser's name.

    Raises:
        NotAllowed: nobody is signed in.
        Invalid: too large, or no JSON.
        TooMany: the owner keeps a hundred drafts already.
    """
    if actor.account_id is None:
        raise NotAllowed("请先登录，登录后填写的内容才能保存为草稿。")
    _check_size(values)
    with transaction.atomic():
        draft = _locked(subject, name, actor.account_id, at)
        revision = draft.revision + 1
        outcome = merged(open_content(draft), values, based_on=based_on, revision=revision, cleared=cleared)
        draft.step, draft.title = step or draft.step, (title or draft.title)[:200]
        draft.updated_at = at
        if outcome.changed:
            draft.revision = revision
            draft.sealed = identity.seal_json(outcome.history, SEAL)
            _keep_revision(draft, outcome.values, device, at)
        draft.save(update_fields=["step", "title", "updated_at", "revision", "sealed"])
    others = {
        field: entries[-1][1]
        for field, entries in outcome.history.items()
        if entries[-1][0] > based_on and field not in outcome.changed and values.get(field) != entries[-1][1]
    }
    return SavedDraft(id=draft.pk, revision=draft.revision, clashes=outcome.clashes, others=others)


def _check_size(values: Mapping[str, Any]) -> None:
    try:
        size = len(json.dumps(dict(values), ensure_ascii=False, allow_nan=False).encode())
    except (TypeError, ValueError, RecursionError):
        raise Invalid("草稿内容里有无法保存的字符或格式，请检查后再试。") from None
    if size > MOST_BYTES:
        raise Invalid(f"草稿内容太长，最多 {MOST_BYTES // 1024} KB，请精简后再保存。")


def _locked(subject: str, name: str, owner_id: int, at: datetime) -> Draft:
    """The draft, locked for this saving; made when there is none."""
    if not subject or len(subject) > 120 or len(name) > 60:
        raise Invalid("没有写明是哪个事项的草稿，请从事项页面重新进入。")
    mine = Draft.objects.select_for_update().filter(owner_id=owner_id, subject=subject, name=name)
    if found := mine.first():
        return found
    if Draft.objects.filter(owner_id=owner_id).count() >= MOST_DRAFTS:
        raise TooMany(f"您已经保存了 {MOST_DRAFTS} 份草稿，请先删除不再需要的草稿。")
    empty = identity.seal_json({}, SEAL)
    try:
        with transaction.atomic():
            return Draft.objects.create(
                owner_id=owner_id, subject=subject, name=name, sealed=empty, created_at=at, updated_at=at
            )
    except IntegrityError:
        return mine.get()


def _keep_revision(draft: Draft, values: Mapping[str, Any], device: str, at: datetime) -> None:
    DraftRevision.objects.create(
        draft=draft,
        revision=draft.revision,
        device=device[:120],
        sealed=identity.seal_json(values, SEAL),
        saved_at=at,
    )
    draft.revisions.filter(revision__lte=draft.revision - REVISIONS_KEPT).delete()


def discard_draft(draft_id: int, actor: Actor) -> None:
    """Delete one of the actor's drafts with everything it kept.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    gone, _ = (
        Draft.objects.filter(pk=draft_id, owner_id=actor.account_id).delete() if actor.signed_in else (0, {})
    )
    if not gone:
        raise NotFound("没有找到这份草稿，可能已经提交或者删除。")


def discard_drafts_about(subject: str, actor: Actor, *, name: str = "") -> None:
    """Forget the draft once it is handed in; no matter when there is none."""
    if actor.signed_in:
        Draft.objects.filter(owner_id=actor.account_id, subject=subject, name=name).delete()


def purge_drafts(at: datetime) -> int:
    """Forget drafts that nobody touched for ``forms.draft_days`` days; how many went."""
    days = int(params.value("forms.draft_days", on=at.astimezone(CHINA).date()))
    gone, counted = Draft.objects.filter(updated_at__lt=at - timedelta(days=days)).delete()
    return counted.get("forms.Draft", gone)
