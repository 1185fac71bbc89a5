"""Draw up, review and approve a version (编制 → 法制审核 → 审定; 国办函〔2016〕108号)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotPossible
from yimen.kernel.events import announce
from yimen.modules.items.canonical import columns_of, parse_content
from yimen.modules.items.content import StandardContent
from yimen.modules.items.events import StandardReturned, StandardSubmitted
from yimen.modules.items.lint import Severity, lint
from yimen.modules.items.models import Standard
from yimen.modules.items.services.acting import locked_item, locked_standard, require, trace_item
from yimen.modules.items.services.indexing import index_item
from yimen.modules.items.services.items import new_draft
from yimen.modules.items.states import EDITABLE, MACHINE, OPEN, WRITE, ItemState, StandardState


def start_version(code: str, actor: Actor, at: datetime) -> Standard:
    """Begin the next version as a copy of the newest; returns the version in work when there already is one.

    Raises:
        NotPossible: the item is cancelled.
    """
    with transaction.atomic():
        item = locked_item(code)
        require(actor, WRITE, item)
        if item.state == ItemState.CANCELLED:
            raise NotPossible(f"“{item.name}”已取消，不能再编制新版本。")
        in_work = Standard.objects.filter(item=item, state__in=OPEN).first()
        if in_work is not None:
            return in_work
        newest = Standard.objects.filter(item=item).order_by("-version").first()
        if newest is None:
            raise NotPossible(f"“{item.name}”没有可以作为底稿的版本，请先导入或者新建标准。")
        version = Standard.objects.filter(item=item).aggregate(top=Max("version"))["top"] + 1
        draft = new_draft(item, newest.parsed, version, actor, at)
        draft.save(force_insert=True)
        trace_item(item, "start_version", actor, at, to_state=draft.state, data={"version": version})
        return draft


def save_draft(
    standard_id: int,
    content: StandardContent | Mapping[str, Any],
    revision: int,
    actor: Actor,
    at: datetime,
    *,
    change_note: str | None = None,
) -> Standard:
    """Save what the author wrote.

    Args:
        revision: the number that the author's page showed; somebody else's later save is never overwritten.
        change_note: why it changes, for the reader; None leaves it.

    Raises:
        Invalid: the content breaks the schema (``fields``: path to sentence).
        Conflict: somebody saved in between.
        NotPossible: the version is not being edited.
    """
    parsed = parse_content(content)
    with transaction.atomic():
        standard = locked_standard(standard_id)
        require(actor, WRITE, standard.item)
        if standard.state not in EDITABLE:
            raise NotPossible(
                f"第{standard.version}版{standard.state_label}，不能修改；请先退回，或者起草新版本。"
            )
        if standard.revision != revision:
            raise Conflict(
                "别人刚刚保存过这份草稿，您的修改还在页面上：请先查看最新内容，再合并保存。",
                code="draft_changed",
            )
        for name, value in columns_of(parsed).items():
            setattr(standard, name, value)
        standard.revision += 1
        standard.updated_at = at
        standard.imported = False
        if change_note is not None:
            standard.change_note = change_note
        if actor.account_id and actor.account_id not in standard.editors:
            standard.editors = [*standard.editors, actor.account_id]
        standard.save()
        _follow(standard, parsed)
        trace_item(
            standard.item,
            "save_draft",
            actor,
            at,
            data={"version": standard.version, "digest": standard.digest},
        )
    return standard


def _follow(standard: Standard, content: StandardContent) -> None:
    """An item never published yet goes by the name and kind of its draft."""
    item = standard.item
    if item.current_id is not None:
        return
    item.name, item.type = content.name, content.type.value
    item.save(update_fields=["name", "type"])
    index_item(item, standard.content)


def submit_for_review(standard_id: int, actor: Actor, at: datetime) -> Standard:
    """Send a draft to legal review (送法制审核).

    Raises:
        NotPossible: findings that block publishing remain.
    """
    with transaction.atomic():
        standard = locked_standard(standard_id)
        _step("submit", standard, actor)
        refuse_findings(standard.parsed)
        before, standard.state = standard.state, StandardState.IN_REVIEW
        standard.submitted_at = standard.updated_at = at
        standard.save(update_fields=["state", "submitted_at", "updated_at"])
        _trace_step("submit_standard", standard, actor, at, before)
        announce(
            StandardSubmitted(
                at=at, item_code=standard.item.code, item_id=standard.item_id, version=standard.version
            )
        )
    return standard


def return_standard(standard_id: int, opinion: str, actor: Actor, at: datetime) -> Standard:
    """Send it back with what has to change (退回修改)."""
    if not opinion.strip():
        raise Invalid(
            "请写明退回的原因和需要修改的地方。", fields={"opinion": "请写明退回的原因和需要修改的地方。"}
        )
    with transaction.atomic():
        standard = locked_standard(standard_id)
        _step("return", standard, actor)
        before, standard.state = standard.state, StandardState.RETURNED
        _reviewed(standard, opinion, actor, at)
        _trace_step("return_standard", standard, actor, at, before, note=opinion)
        announce(
            StandardReturned(
                at=at,
                item_code=standard.item.code,
                item_id=standard.item_id,
                version=standard.version,
                reason=opinion,
            )
        )
    return standard


def approve_standard(standard_id: int, opinion: str, actor: Actor, at: datetime) -> Standard:
    """Legal review passed; whoever wrote any of it may not be the reviewer (four eyes).

    Raises:
        NotAllowed: the actor is an author of this version.
    """
    with transaction.atomic():
        standard = locked_standard(standard_id)
        _step("approve", standard, actor)
        refuse_author(standard, actor)
        before, standard.state = standard.state, StandardState.APPROVED
        _reviewed(standard, opinion, actor, at)
        _trace_step("approve_standard", standard, actor, at, before, note=opinion)
    return standard


def discard_draft(standard_id: int, actor: Actor, at: datetime) -> None:
    """Throw a draft away; the trace keeps that there was one."""
    with transaction.atomic():
        standard = locked_standard(standard_id)
        require(actor, WRITE, standard.item)
        if standard.state not in EDITABLE:
            raise NotPossible(f"第{standard.version}版{standard.state_label}，不能删除。")
        if standard.version == 1:
            raise NotPossible("第1版草稿是该事项唯一的内容，不能删除；不再需要时请取消事项。")
        trace_item(
            standard.item,
            "discard_draft",
            actor,
            at,
            from_state=standard.state,
            data={"version": standard.version},
        )
        standard.delete()


def wrote(standard: Standard, actor: Actor) -> bool:
    """Did this actor write any of it?"""
    if actor.account_id is not None:
        return actor.account_id == standard.author_id or actor.account_id in standard.editors
    return standard.author_id is None and actor.name == standard.author_name


def refuse_author(standard: Standard, actor: Actor) -> None:
    """Raise when the reviewer wrote any of it (four eyes)."""
    if wrote(standard, actor):
        raise NotAllowed("编制人不能审核自己编制的标准，请由其他法制审核人员办理。", code="four_eyes")


def refuse_findings(content: StandardContent) -> None:
    """Raise when findings that block publishing remain; ``fields`` says where."""
    errors = [finding for finding in lint(content) if finding.severity is Severity.ERROR]
    if errors:
        raise NotPossible(
            f"还有 {len(errors)} 处必须修改：{errors[0].sentence}",
            code="lint_errors",
            clause=errors[0].clause,
            fields={finding.where: finding.sentence for finding in errors},
            would_pass="按质量检查的提示逐处修改后再提交。",
        )


def _step(name: str, standard: Standard, actor: Actor) -> None:
    MACHINE.check(name, StandardState(standard.state), actor, standard.item)


def _reviewed(standard: Standard, opinion: str, actor: Actor, at: datetime) -> None:
    standard.reviewer_id, standard.reviewer_name = actor.account_id, actor.name[:100]
    standard.review_opinion = opinion.strip()
    standard.reviewed_at = standard.updated_at = at
    standard.save()


def _trace_step(
    act: str, standard: Standard, actor: Actor, at: datetime, before: str, *, note: str = ""
) -> None:
    trace_item(
        standard.item,
        act,
        actor,
        at,
        from_state=str(before),
        to_state=str(standard.state),
        clause="国办函〔2016〕108号",
        note=note,
        data={"version": standard.version, "digest": standard.digest},
    )
