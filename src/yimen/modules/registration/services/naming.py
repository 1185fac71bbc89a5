"""Names are reserved for an application, taken by an entity, and given up (企业名称登记管理规定第十七条、第十八条)."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from yimen.foundation.params import api as params
from yimen.kernel.errors import NotPossible
from yimen.modules.registration.errors import NamePromiseNeeded, NameRefused, NameTaken
from yimen.modules.registration.models import HeldName, MarketEntity
from yimen.modules.registration.params import RESERVED_MONTHS
from yimen.modules.registration.queries.names import check_name, parts_of, registry_of
from yimen.modules.registration.rules.judging import Verdict
from yimen.modules.registration.rules.names import NameParts
from yimen.modules.registration.states import EntityKind

FIELD = "entity_proposed_name"
YEAR = timedelta(days=365)
RESERVATION_CLAUSE = "企业名称登记管理规定第十八条第一款"


def months_after(day: date, months: int) -> date:
    """The matching day so many months later, else the last of that month (民法典第二百零二条)."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, min(day.day, 28))


def reserve_name(
    name: str, *, division: str, kind: str, application: str, on: date, person_id: int | None = None,
    promised: bool = False, parent: str = "", entity_id: int | None = None,
) -> HeldName:  # fmt: skip
    """Reserve a name for an application; the first wins, by a constraint of the database.

    Args:
        division: where the entity will be. application: its number. promised: near names are accepted and answered for.

    Raises:
        NameRefused: the rules of names forbid it; ``fields`` and ``would_pass`` say what would be right.
        NamePromiseNeeded: it is near another one and nothing was promised.
        NameTaken: somebody else was quicker, in this very second.
    """
    verdict = check_name(
        name, on, kind=kind, division=division, parent=parent, own=application, entity_id=entity_id
    )
    _demand(verdict, promised)
    registry = registry_of(division)
    _clear_expired(registry, verdict.parts, on)
    HeldName.objects.filter(kind=HeldName.RESERVED, application=application).delete()
    until = months_after(on, int(params.value(RESERVED_MONTHS.code, registry, on=on)))
    row = HeldName(
        registry=registry, kind=HeldName.RESERVED, application=application, reserved_by_id=person_id, promised=promised,
        held_from=on, held_until=until, guard=guard_of(registry, verdict.parts, kind), **fields_of(verdict.parts),
    )  # fmt: skip
    return _insert(row)


def _insert(row: HeldName) -> HeldName:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        taken = HeldName.objects.filter(Q(guard=row.guard) | Q(registry=row.registry, name=row.name)).first()
        told = f"“{taken.name}”" if taken else f"“{row.name}”"
        raise NameTaken(
            f"{told}刚刚被别人申报了，您的“{row.name}”不能再用，其他填写的内容都还在。", fields={FIELD: "请换一个字号再提交。"},
            clause="企业名称登记管理规定第十七条", would_pass="换一个字号；也可以先到“查名称”里查好再填。",
        ) from None  # fmt: skip
    return row


def _demand(verdict: Verdict, promised: bool) -> None:
    if verdict.outcome == "refused":
        worst = next(finding for finding in verdict.findings if finding.refuses)
        raise NameRefused(
            f"“{verdict.parts.whole}”不能登记：{worst.sentence}", clause=worst.clause, would_pass=worst.would_pass,
            fields={FIELD: f"{worst.sentence}{worst.would_pass}"},
        )  # fmt: skip
    if verdict.outcome == "similar" and not promised:
        near = verdict.findings[0]
        raise NamePromiseNeeded(
            near.sentence, clause=near.clause, would_pass=near.would_pass,
            fields={FIELD: near.sentence, "name_promise": "坚持使用这个名称的，请勾选名称承诺。"},
        )  # fmt: skip


def fields_of(parts: NameParts) -> dict[str, str]:
    """A name's parts as its row keeps them."""
    return {
        "name": parts.whole[:200],
        "brand": parts.brand[:100],
        "sound": parts.sound[:400],
        "trade": parts.trade[:100],
        "trade_code": parts.trade_code,
    }


def guard_of(registry: str, parts: NameParts, kind: str) -> str | None:
    """What only one may hold: a trade name in a trade of a registry. A branch carries its enterprise's."""
    if kind == EntityKind.BRANCH or not parts.brand:
        return None
    return f"{registry}:{parts.trade_code or parts.trade}:{parts.brand}"[:130]


def _clear_expired(registry: str, parts: NameParts, on: date) -> None:
    """Reservations that ran out, and former names after their year, give way when somebody asks for them."""
    gone = HeldName.objects.filter(held_until__lt=on, registry=registry).exclude(kind=HeldName.ENTITY)
    gone.filter(Q(name=parts.whole) | Q(brand=parts.brand)).delete()


def release(application: str) -> None:
    """The application came to nothing: its name is free."""
    HeldName.objects.filter(kind=HeldName.RESERVED, application=application).delete()


def take_name(entity: MarketEntity, application: str, on: date) -> None:
    """The entity takes the name reserved for its application, or takes it now when the reservation ran out.

    Raises:
        NotPossible: the reservation ran out and somebody else holds the name meanwhile.
    """
    row = HeldName.objects.filter(kind=HeldName.RESERVED, application=application, name=entity.name).first()
    if row is None:
        parts, _ = parts_of(entity.name, entity.division)
        row = HeldName(
            registry=entity.registry, promised=True, held_from=on, guard=guard_of(entity.registry, parts, entity.kind),
            **fields_of(parts),
        )  # fmt: skip
        _clear_expired(entity.registry, parts, on)
    row.kind, row.entity, row.held_until, row.reserved_by, row.application = (
        HeldName.ENTITY,
        entity,
        None,
        None,
        "",
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotPossible(
            f"名称“{entity.name}”的保留期已过，现在由别人持有，不能按这个名称登记。", clause=RESERVATION_CLAUSE,
            would_pass="请申请人换一个名称重新提交。",
        ) from None  # fmt: skip


def give_up_name(entity: MarketEntity, name: str, on: date) -> None:
    """A name that was changed or whose entity was cancelled stays closed to others for a year (规定第十七条第二项)."""
    HeldName.objects.filter(entity=entity, name=name, kind=HeldName.ENTITY).update(
        kind=HeldName.FORMER, held_until=on + YEAR, held_from=on
    )
