"""What really happened to cases, as the model of what-if takes it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db.models import Q, QuerySet

from yimen.foundation.calendar.api import WorkCalendar
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.insight.queries.recount import CHUNK
from yimen.modules.insight.rules.parts import in_parts
from yimen.modules.insight.rules.periods import Period
from yimen.modules.insight.simulation.flow import ACCEPT, DECIDE, HOURS, Run, Stage
from yimen.modules.items import api as items

MOST_CASES = 20_000
OPENS = time(9)
FIELDS = (
    "pk",
    "number",
    "item_id",
    "organisation_id",
    "standard__promised_amount",
    "standard__promised_unit",
    "standard_id",
)


def working_hours(moment: datetime, calendar: WorkCalendar) -> float:
    """Working hours since the beginning of the calendar: what happens outside counts at the next opening.

    Raises:
        YearNotAnnounced: a day of a year without notice.
    """
    local = moment.astimezone(CHINA)
    day = local.date()
    before = calendar.working_until(day.toordinal() - 1)
    if not calendar.is_working(day):
        return before * HOURS
    opened = datetime.combine(day, OPENS, CHINA)
    return before * HOURS + min(HOURS, max(0.0, (local - opened).total_seconds() / 3600))


def runs_of(reach: Q, period: Period, calendar: WorkCalendar) -> list[Run]:
    """The cases handed in during a period, with every stage they went through.

    Raises:
        NotPossible: more cases than one experiment can hold.
        YearNotAnnounced: a year without a calendar.
    """
    begins = datetime.combine(period.since, time(), CHINA)
    ends = datetime.combine(period.until, time(23, 59, 59), CHINA)
    rows: QuerySet[cases.Case] = cases.Case.objects.filter(reach).exclude(state=cases.CaseState.DRAFT)
    rows = rows.filter(application__received_at__gte=begins, application__received_at__lte=ends)
    if rows.count() > MOST_CASES:
        raise NotPossible(
            f"这段时间有{rows.count():,}件，一次推演最多{MOST_CASES:,}件。",
            would_pass="请缩短时间段，或者选一个部门。",
        )
    found: list[Run] = []
    for part in in_parts(rows.order_by("pk").values(*FIELDS).iterator(chunk_size=CHUNK), CHUNK):
        found += _part(part, calendar)
    return sorted(found, key=lambda run: (run.begun, run.key))


def _part(rows: Sequence[dict[str, Any]], calendar: WorkCalendar) -> list[Run]:
    numbers = {row["number"]: row for row in rows}
    events: dict[str, list[Any]] = {number: [] for number in numbers}
    chosen = trace.Event.objects.filter(subject_kind="case", subject_key__in=numbers).order_by("sequence")
    for event in chosen.only("subject_key", "at", "act", "actor_id", "data", "from_state", "to_state"):
        events[event.subject_key].append(event)
    waits: dict[int, list[int]] = {}
    for later, earlier in cases.CaseLink.objects.filter(later_id__in=[r["pk"] for r in rows]).values_list(
        "later_id", "earlier_id"
    ):
        waits.setdefault(later, []).append(earlier)
    shapes = _shapes({row["standard_id"] for row in rows})
    runs = []
    for number, row in numbers.items():
        course = _course(events[number], calendar)
        if course.begun is not None:
            promised = (
                row["standard__promised_amount"] if row["standard__promised_unit"] == "working_day" else None
            )
            runs.append(
                Run(
                    key=row["pk"],
                    item=row["item_id"],
                    begun=course.begun,
                    arrived=course.begun,
                    stages=tuple(course.stages),
                    promised=promised,
                    decided=course.decided,
                    after=tuple(waits.get(row["pk"], ())),
                    office=row["organisation_id"],
                    shape=shapes[row["standard_id"]],
                    ended=course.ended,
                )
            )
    return runs


def _shapes(standards: Collection[int]) -> dict[int, str]:
    """What each standard lays down of the way: promised days and the steps in order."""
    rows = items.Standard.objects.filter(pk__in=standards).values_list(
        "pk", "promised_amount", "promised_unit", "content__steps"
    )
    return {
        pk: " ".join([f"{amount}{unit}", *(step["code"] for step in steps or ())])
        for pk, amount, unit, steps in rows
    }


@dataclass
class _Course:
    begun: float | None = None
    at: float = 0.0
    pause: float = 0.0
    excluded: float = 0.0
    since: float | None = None
    lawful: bool = False
    decided: bool = False
    held: float = 0.0
    ended: float | None = None
    stages: list[Stage] = field(default_factory=list)

    def passed(self, code: str, done: float, actor: int) -> None:
        self.stages.append(
            Stage(code, self.at, max(done, self.at), actor, self.pause, self.excluded, self.held)
        )
        self.at, self.pause, self.excluded, self.held = max(done, self.at), 0.0, 0.0, 0.0

    def paused(self, done: float, lawful: bool) -> None:
        """The file leaves the office for a while; until then it lay there."""
        self.held += max(0.0, done - self.at)
        self.at, self.since, self.lawful = max(done, self.at), done, lawful

    def resumed(self, done: float) -> None:
        """A pause is over: the file lies with the office again."""
        if self.since is not None:
            hours = max(0.0, done - self.since)
            self.pause += hours
            self.excluded += hours if self.lawful else 0.0
            self.at, self.since = max(done, self.at), None


def _course(events: Sequence[Any], calendar: WorkCalendar) -> _Course:
    course = _Course()
    for event in events:
        done = working_hours(event.at, calendar)
        if event.act == "submit":
            course.begun = course.at = done
        elif event.act == "release":
            course.at = done
        elif event.act in ("suspend", "request_correction"):
            course.paused(done, event.act == "suspend")
        elif event.act in ("resume", "correct"):
            course.resumed(done)
        elif course.begun is not None:
            _stage(course, event, done)
        if event.to_state in cases.FINAL and course.ended is None:
            course.ended = done
    return course


def _stage(course: _Course, event: Any, done: float) -> None:
    actor = event.actor_id or 0
    if event.act == "accept":
        course.passed(ACCEPT, done, actor)
    elif event.act == "pass_step":
        data = json.loads(event.data) if event.data else {}
        if data.get("passed"):
            course.passed(str(data.get("step", "")), done, actor)
    elif event.act == "decide":
        course.passed(DECIDE, done, actor)
        course.decided = True


def stage_choices(organisation_id: int | None) -> list[tuple[str, str]]:
    """The stages that the standards in force know: acceptance, review steps, decision."""
    rows = items.Item.objects.filter(current__isnull=False)
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    names: dict[str, str] = {}
    for steps in rows.order_by("pk").values_list("current__content__steps", flat=True)[:300]:
        for step in steps or ():
            names.setdefault(step["code"], step["name"])
    own = [(code, name) for code, name in sorted(names.items()) if code not in (ACCEPT, DECIDE)]
    return [(ACCEPT, "受理"), *own, (DECIDE, "决定")]
