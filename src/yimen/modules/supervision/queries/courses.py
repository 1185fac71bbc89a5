"""The courses of many cases, in the same few statements however many there are."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from yimen.foundation.trace import api as trace
from yimen.modules.cases import api as cases
from yimen.modules.items import api as items
from yimen.modules.supervision.rules.course import Act, Asked, Course

CHUNK = 400
"""Cases a time: fewer than a statement of SQLite may carry values."""


def courses_of(rows: Sequence[cases.Case]) -> list[Course]:
    """The courses of these cases; at most seven statements.

    Args:
        rows: cases with ``application`` joined.
    """
    items.remember({row.standard_id for row in rows})
    numbers = [row.number for row in rows]
    acts: defaultdict[str, list[Act]] = defaultdict(list)
    stored = trace.Event.objects.filter(subject_kind="case", subject_key__in=numbers)
    for event in stored.order_by("subject_key", "sequence"):
        acts[event.subject_key].append(_act(event))
    refused = [r for r in rows if any(a.act == "refuse_acceptance" for a in acts[r.number])]
    missing = _missing(refused, acts)
    asked = _asked([r for r in rows if any(s.joint for s in r.published.content.steps)])
    return [_course(row, acts[row.number], missing.get(row.pk), asked.get(row.pk, ())) for row in rows]


def chunked(rows: "QuerySet[cases.Case]") -> Iterator[list[cases.Case]]:
    """Cases by number of row, a chunk at a time; what follows reads each chunk in a few statements."""
    found = rows.select_related("application").defer("application__form_sealed", "flow").order_by("pk")
    stream = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _act(event: trace.Event) -> Act:
    return Act(
        sequence=event.sequence,
        act=event.act,
        from_state=event.from_state,
        to_state=event.to_state,
        at=event.at,
        actor_id=event.actor_id,
        clause=event.clause,
        note=event.note,
        data=_data(event.data),
    )


def _data(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _course(row: cases.Case, acts: list[Act], missing: int | None, asked: Iterable[Asked]) -> Course:
    standard: items.PublishedStandard = row.published
    content = standard.content
    return Course(
        case_id=row.pk,
        number=row.number,
        organisation_id=row.organisation_id,
        organisation=standard.organisation_name,
        division=row.division,
        item=standard.code,
        item_type=str(content.type),
        instant=content.instant,
        channel=row.application.channel,
        joint=row.application.joint,
        acts=acts,
        steps=content.steps,
        guide=frozenset(m.code for m in content.materials),
        fees={fee.name: float(fee.amount) for fee in content.fees},
        procedures=frozenset(p.code for p in content.special_procedures if p.excluded),
        missing=missing,
        asked=tuple(asked),
    )


def _missing(rows: Sequence[cases.Case], acts: dict[str, list[Act]]) -> dict[int, int]:
    """Required materials not handed in when acceptance was refused."""
    if not rows:
        return {}
    held: defaultdict[int, set[str]] = defaultdict(set)
    ended = {r.pk: next(a.at for a in acts[r.number] if a.act == "refuse_acceptance") for r in rows}
    materials = cases.Material.objects.filter(case__in=list(ended)).exclude(state__in=["rejected", "owed"])
    for case_id, requirement, at in materials.values_list("case_id", "requirement", "handed_in_at"):
        if case_id is not None and at <= ended[case_id]:
            held[case_id].add(requirement)
    forms = cases.Application.objects.in_bulk([r.application_id for r in rows])
    found = {}
    for row in rows:
        values = forms[row.application_id].facts(ended[row.pk])
        found[row.pk] = len(cases.missing_materials(row.published.content, values, held[row.pk]))
    return found


def _asked(rows: Sequence[cases.Case]) -> dict[int, list[Asked]]:
    if not rows:
        return {}
    found: defaultdict[int, list[Asked]] = defaultdict(list)
    requests = cases.OpinionRequest.objects.filter(case__in=rows).select_related("organisation")
    for one in requests.order_by("pk"):
        found[one.case_id].append(
            Asked(
                organisation_id=one.organisation_id,
                name=one.organisation.label,
                step=one.step,
                asked_at=one.asked_at,
                due_at=one.due_at,
                answered_at=one.answered_at,
            )
        )
    return found
