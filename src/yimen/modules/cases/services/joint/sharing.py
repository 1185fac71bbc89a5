"""One paper handed in once serves several cases; when it is replaced in one, the others follow, and their chains say so."""

from datetime import datetime

from yimen.kernel.actor import Actor
from yimen.kernel.states import Step
from yimen.modules.cases.models import Case, Material
from yimen.modules.cases.services.acts.base import Done, NoPayload, Work
from yimen.modules.cases.services.settling import settle
from yimen.modules.cases.states import OPEN_STATES, CaseState

FOLLOWS = OPEN_STATES - {CaseState.CORRECTION_REQUESTED, CaseState.GRANTED, CaseState.REFUSED}
"""A case that waits for its own correction gets the paper with that; a decided one keeps what it was decided on."""
REPLACE = Step(
    name="replace_material", label="同步更换材料", sources=FOLLOWS, target=None, grants=frozenset[str]()
)  # fmt: skip


def share_replacements(case: Case, actor: Actor, at: datetime) -> None:
    """Give the papers just replaced in this case to the other cases that hold the same paper."""
    if not case.application.joint:
        return
    fresh = {
        row.name: row
        for row in Material.objects.filter(case=case, handed_in_at=at, replaces__isnull=False).exclude(
            file=None
        )
    }
    if not fresh:
        return
    held = Material.objects.filter(
        application_id=case.application_id, name__in=fresh, case__state__in=FOLLOWS
    ).exclude(case=case)
    by_case: dict[int, list[Material]] = {}
    for row in held.exclude(state="replaced").order_by("id"):
        by_case.setdefault(row.case_id or 0, []).append(row)
    rows = Case.objects.filter(pk__in=by_case).select_related("application").select_for_update(of=("self",))
    for other in rows.order_by("id"):
        _replace(other, by_case[other.pk], fresh, case, Work(other, actor, at, NoPayload()))


def _replace(other: Case, olds: list[Material], fresh: dict[str, Material], source: Case, work: Work) -> None:
    Material.objects.bulk_create(
        Material(
            application_id=other.application_id, case=other, requirement=old.requirement, name=old.name,
            source=fresh[old.name].source, file_id=fresh[old.name].file_id, trust=fresh[old.name].trust,
            handed_in_at=work.at, replaces=old,
        )
        for old in olds
    )  # fmt: skip
    Material.objects.filter(pk__in=[old.pk for old in olds]).update(state="replaced")
    names = "、".join(dict.fromkeys(old.name for old in olds))
    note = f"申请人在“{source.published.content.name}”中更换了{names}，本件同步更换"
    settle(work, REPLACE, Done(state=CaseState(other.state), note=note, data={"from_case": source.number}))
