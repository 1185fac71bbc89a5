"""What one thing saves against applying for its items one after another (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import Limit
from yimen.modules.themes.compiling.limits import working_days
from yimen.modules.themes.compiling.plan import Plan
from yimen.modules.themes.compiling.rules import both, ruled_out
from yimen.modules.themes.compiling.values import CompiledField, CompiledRequirement, Saving, Savings


def savings_of(
    standards: Sequence[PublishedStandard],
    fields: Sequence[CompiledField],
    requirements: Sequence[CompiledRequirement],
    plan: Plan,
    promised: Limit,
    scope: Mapping[str, Any],
) -> Savings:
    """Both ways of counting, by the same rules.

    Materials: things to bring; forms filled on screen and what departments look up themselves count neither way. Days: each
    item begun when the one before it is done. Visits: trips to one place on one day count once.
    """
    return Savings(
        materials=Saving(
            one_by_one=sum(_brought(standard, scope) for standard in standards),
            together=sum(one.to_hand_in or one.spared == "licence" for one in requirements),
        ),
        fields=Saving(
            one_by_one=sum(_filled(standard, scope) for standard in standards),
            together=sum(field.to_fill for field in fields),
        ),
        visits=Saving(
            one_by_one=sum(standard.content.visits for standard in standards),
            together=_trips(standards, plan),
        ),
        days=Saving(
            one_by_one=sum(working_days(standard.content.promised_limit) for standard in standards),
            together=working_days(promised),
        ),
    )


def _brought(standard: PublishedStandard, scope: Mapping[str, Any]) -> int:
    filled = bool(standard.content.form.sections)
    return sum(
        not ruled_out(material.required_when, scope)
        and not (material.kind == "form" and filled)
        and not any(source.kind == "shared_data" for source in material.sources)
        for material in standard.content.materials
    )


def _filled(standard: PublishedStandard, scope: Mapping[str, Any]) -> int:
    return sum(
        not ruled_out(both(section.when, field.when), scope)
        for section in standard.content.form.sections
        for field in section.fields
    )


def _trips(standards: Sequence[PublishedStandard], plan: Plan) -> int:
    starts = {row.item: row.starts for row in plan.schedule}
    trips: dict[tuple[int, str], int] = {}
    for standard in standards:
        place = standard.content.places[0].name if standard.content.places else standard.organisation_code
        stop = (starts[standard.code], place)
        trips[stop] = max(trips.get(stop, 0), standard.content.visits)
    return sum(trips.values())
