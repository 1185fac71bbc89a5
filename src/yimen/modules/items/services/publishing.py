"""Publish an approved version, and switch on the day it becomes valid."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Conflict, Invalid
from yimen.kernel.events import announce
from yimen.modules.items.canonical import digest_of
from yimen.modules.items.events import StandardActivated, StandardPublished
from yimen.modules.items.models import Standard
from yimen.modules.items.services.acting import day_of, locked_standard, trace_item
from yimen.modules.items.services.adopting import adopt_many
from yimen.modules.items.services.drafting import refuse_findings
from yimen.modules.items.services.indexing import index_item
from yimen.modules.items.services.items import NewItem
from yimen.modules.items.states import MACHINE, StandardState


def publish(standard_id: int, valid_from: date, actor: Actor, at: datetime) -> Standard:
    """Publish an approved version from a day on; the version in force ends that day (half-open periods never overlap).

    Cases accepted before stay under the version they hold.

    Args:
        valid_from: today or a day to come, in China.

    Raises:
        Invalid: a day gone by.
        Conflict: another version begins on that day or later.
        NotPossible: not approved, or findings remain.
    """
    today = day_of(at)
    if valid_from < today:
        sentence = f"生效日期不能早于今天（{today:%Y-%m-%d}），请选择今天或者以后的日期。"
        raise Invalid(sentence, fields={"valid_from": sentence})
    with transaction.atomic():
        standard = locked_standard(standard_id)
        MACHINE.check("publish", StandardState(standard.state), actor, standard.item)
        refuse_findings(standard.parsed)
        _end_previous(standard, valid_from)
        standard.state = StandardState.PUBLISHED
        standard.valid_from = valid_from
        standard.published_by_id, standard.published_by_name = actor.account_id, actor.name[:100]
        standard.published_at = standard.updated_at = at
        standard.digest = digest_of(standard.parsed)
        standard.save()
        trace_item(
            standard.item,
            "publish_standard",
            actor,
            at,
            from_state=StandardState.APPROVED,
            to_state=StandardState.PUBLISHED,
            clause="国办函〔2016〕108号",
            data={
                "version": standard.version,
                "digest": standard.digest,
                "valid_from": valid_from.isoformat(),
                "standard_id": standard.pk,
            },
        )
        announce(
            StandardPublished(
                at=at,
                item_code=standard.item.code,
                item_id=standard.item_id,
                standard_id=standard.pk,
                version=standard.version,
                valid_from=valid_from,
            )
        )
        if valid_from <= today:
            _activate(standard, at)
    return standard


def _end_previous(standard: Standard, valid_from: date) -> None:
    in_force = Standard.objects.select_for_update().filter(
        item_id=standard.item_id, state__in=(StandardState.PUBLISHED, StandardState.RETIRED)
    )
    clash = in_force.filter(valid_from__gte=valid_from).order_by("valid_from").first()
    if clash is not None and clash.valid_from is not None:
        nearest = clash.valid_from + timedelta(days=1)
        sentence = f"第{clash.version}版自{clash.valid_from:%Y-%m-%d}起生效，新版本最早可以自{nearest:%Y-%m-%d}起生效。"
        raise Conflict(sentence, code="period_taken", fields={"valid_from": sentence})
    in_force.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)).update(valid_to=valid_from)


def _activate(standard: Standard, at: datetime) -> None:
    item = standard.item
    Standard.objects.filter(item=item, state=StandardState.PUBLISHED, valid_to__lte=day_of(at)).exclude(
        pk=standard.pk
    ).update(state=StandardState.RETIRED)
    item.current = standard
    item.name, item.type = standard.name, standard.type
    item.save(update_fields=["current", "name", "type"])
    index_item(item, standard.content)
    announce(
        StandardActivated(
            at=at, item_code=item.code, item_id=item.pk, standard_id=standard.pk, version=standard.version
        )
    )


def activate_due(at: datetime) -> int:
    """Switch every item whose published version has become valid; run daily, harmless to repeat.

    Returns:
        The number of items switched.
    """
    today = day_of(at)
    due = (
        Standard.objects.filter(state=StandardState.PUBLISHED, valid_from__lte=today)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        .exclude(item__current_id=F("pk"))
        .values_list("pk", flat=True)
    )
    switched = 0
    for standard_id in list(due):
        with transaction.atomic():
            standard = locked_standard(standard_id)
            if standard.item.current_id != standard.pk:
                _activate(standard, at)
                switched += 1
    return switched


def adopt(new: NewItem, valid_from: date, author: Actor, reviewer: Actor, at: datetime) -> Standard:
    """One item of a checked set, created, reviewed and published at once; see ``adopt_many``."""
    return adopt_many([new], valid_from, author, reviewer, at)[0]
