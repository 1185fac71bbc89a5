"""What must hold of the store after any kill: nothing acknowledged lost, nothing half done, nothing twice."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yimen.foundation.files import api as files
from yimen.foundation.outbox import api as outbox
from yimen.foundation.trace import api as trace
from yimen.kernel import clock
from yimen.modules.cases.models import Application, Case, ClosedTally, Material
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.tallying import PLACE
from yimen.modules.cases.states import FINAL, CaseState
from yimen.modules.deadlines.models import Clock
from yimen.modules.flows import api as flows
from yimen.modules.insight.services.recounting import recount
from yimen.modules.issuing import papers
from yimen.modules.issuing.models import Document
from yimen.portals.openapi.models import IdempotencyRecord
from yimen.site.soak.notes import Notes
from yimen.site.soak.visits import MARK, Crowd

PAST_LEASES = timedelta(minutes=40)
"""Longer than any lease a killed worker can have left behind."""
ROUNDS = 20_000
Faults = Iterator[str]


def drain() -> tuple[int, Faults]:
    """Let a worker do everything that the killed ones left, as it would when their leases have run out."""
    rounds = 0
    with clock.shifted_to(clock.now() + PAST_LEASES):
        while rounds < ROUNDS and (outbox.run_once("drain") or _tasks_left()):
            rounds += 1
    return rounds, _left_over()


def _tasks_left() -> bool:
    return DBTaskResult.objects.filter(status=TaskResultStatus.READY, run_after__lte=clock.now()).exists()


def _left_over() -> Faults:
    for delivery in outbox.waiting()[:5]:
        yield f"delivery {delivery.pk} to {delivery.handler} was not made: {delivery.last_error}"
    for delivery in outbox.given_up()[:5]:
        yield f"delivery {delivery.pk} to {delivery.handler} was given up: {delivery.last_error}"
    for task in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)[:5]:
        yield f"task {task.pk} {task.task_path} is held by a worker that is dead"
    for duty in outbox.schedules().exclude(last_error=""):
        yield f"duty {duty.name} failed: {duty.last_error}"


def faults(crowd: Crowd, notes: Notes, at: datetime) -> Faults:
    """Everything that does not hold, one sentence each."""
    yield from notes.wrong
    yield from _applications(crowd, notes)
    yield from _acts(notes)
    yield from _keys(notes)
    yield from _clocks()
    yield from _papers()
    yield from _tally()
    trace.seal(at + timedelta(minutes=5))
    for found in trace.verify_all():
        yield f"trace: {found.subject} #{found.sequence} {found.why}"
    counted = recount()
    if not counted.holds:
        yield f"figures: {len(counted.differences)} amounts differ, {len(counted.behind)} cases are behind"


def _applications(crowd: Crowd, notes: Notes) -> Faults:
    """Each acknowledged one is there once, under the number told, whole."""
    marks: dict[str, list[Application]] = {}
    for application in Application.objects.prefetch_related("cases"):
        marks.setdefault(str(application.form[MARK]), []).append(application)
    materials = Counter(Material.objects.values_list("case__application_id", flat=True))
    for sent in notes.submissions():
        found = marks.pop(f"{sent.key}号店", [])
        numbers = [application.number for application in found]
        if len(found) != (1 if sent.done else 0):
            yield f"application {sent.key} was answered {sent.status} and is there {len(found)} times: {numbers}"
        elif found and numbers != [sent.answer["number"]]:
            yield f"application {sent.key} was told {sent.answer['number']} and is {numbers[0]}"
        for application in found:
            parts = materials[application.pk]
            if len(application.cases.all()) != 1 or parts < crowd.parts:
                yield f"application {application.number} is half there: {parts} materials"
    for mark in marks:
        yield f"application “{mark}” is there and nobody sent it"
    given = Counter(Application.objects.values_list("number", flat=True))
    yield from (f"number {number} is there {n} times" for number, n in given.items() if n > 1)


def _acts(notes: Notes) -> Faults:
    """Each acknowledged act is in its case's chain, at the place its answer told; and each case is as long as its chain."""
    chains: dict[str, dict[int, str]] = {}
    for number, sequence, act in trace.Event.objects.filter(subject_kind="case").values_list(
        "subject_key", "sequence", "act"
    ):
        chains.setdefault(number, {})[sequence] = act
    places: Counter[tuple[str, int]] = Counter()
    for sent in notes.acts():
        if sent.done:
            revision, name = sent.answer["revision"], json.loads(sent.body)["act"]
            places[sent.case, revision] += 1
            if chains.get(sent.case, {}).get(revision) != name:
                yield f"act {name} {sent.key} upon {sent.case} was answered as {revision} and is not there"
    yield from (f"two acts were answered as {place}" for place, n in places.items() if n > 1)
    for case in Case.objects.all():
        length = len(chains.get(case.number, {}))
        if not case.revision == case.trace_length == length:
            yield f"case {case.number}: revision {case.revision}, {case.trace_length} told, {length} events"


def _tally() -> Faults:
    """Closed cases are counted once, each where it lies."""
    counted: Counter[tuple[object, ...]] = Counter()
    for *place, number in ClosedTally.objects.values_list(*PLACE, "number"):
        counted[tuple(place)] += number
    there = Counter(Case.objects.filter(tallied=True).values_list(*PLACE))
    for place in {*counted, *there}:
        if counted[place] != there[place]:
            yield f"the tally counts {counted[place]} closed cases at {place}, there are {there[place]}"


def _keys(notes: Notes) -> Faults:
    held = set(IdempotencyRecord.objects.exclude(status=0).values_list("key", flat=True))
    yield from (f"{sent.key} was done and its key forgotten" for sent in notes.sent.values() if sent.done and sent.key not in held)  # fmt: skip
    for key in IdempotencyRecord.objects.filter(status=0).values_list("key", flat=True):
        yield f"key {key} is taken and has no answer"


def _clocks() -> Faults:
    """The open clocks of each case are those that the law gives its state: none lost, none twice."""
    found: dict[str, Counter[tuple[str, str, str]]] = {}
    due: dict[str, list[datetime]] = {}
    kinds = (clocks.SUBJECT, clocks.STEP_SUBJECT)
    for one in Clock.objects.filter(subject_kind__in=kinds, state__in=("running", "paused")):
        number = one.subject_key.split(":", 1)[0]
        found.setdefault(number, Counter())[one.subject_key, one.kind, one.state] += 1
        if one.kind in GOVERNING and one.due_at is not None:
            due.setdefault(number, []).append(one.due_at)
    for case in Case.objects.select_related("application"):
        have, want = found.pop(case.number, Counter()), _lawful(case)
        if have != want:
            yield f"case {case.number} ({case.state}): clocks {dict(have)}, the law gives {dict(want)}"
        if case.due_at != min(due.get(case.number, []), default=None):
            yield f"case {case.number} is due {case.due_at}, its clocks say {due.get(case.number)}"
    yield from (f"clocks of {number}, which is no case" for number in found)


GOVERNING = (clocks.TELLING, clocks.LEGAL, clocks.PROMISED, clocks.DELIVERY)


def _lawful(case: Case) -> Counter[tuple[str, str, str]]:
    state = CaseState(case.state)
    if state in FINAL:
        return Counter()
    own = {
        CaseState.SUBMITTED: (clocks.TELLING,),
        CaseState.CORRECTION_REQUESTED: (clocks.CORRECTION,),
        CaseState.GRANTED: (clocks.DELIVERY,),
        CaseState.REFUSED: (clocks.DELIVERY,),
    }.get(state)
    if own is not None:
        return Counter((case.number, kind, "running") for kind in own)
    mode = "paused" if state is CaseState.SUSPENDED else "running"
    wanted = Counter((case.number, kind, mode) for kind in clocks.HANDLING)
    limited = {step.code for step in case.published.content.steps if step.limit and step.limit.amount}
    wanted.update(
        (f"{case.number}:{code}", clocks.STEP, mode)
        for code in flows.open_steps(case.flow)
        if code in limited
    )
    if state is CaseState.SUSPENDED:
        wanted[case.number, clocks.PROCEDURE, "running"] += 1
    return wanted


def _papers() -> Faults:
    """Each act that requires a paper has it once, and it can be read."""
    there: Counter[tuple[int, int | None, str, int]] = Counter()
    for paper in Document.objects.select_related("file").iterator():
        there[paper.application_id, paper.case_id, paper.kind, paper.sequence] += 1
        with files.open_file(paper.file.digest) as file:
            if len(file.read()) != paper.file.size:
                yield f"paper {paper.number} is cut off"
    cases = dict(Case.objects.values_list("number", "pk"))
    owners = dict(Case.objects.values_list("number", "application_id"))
    for application in Application.objects.values_list("pk", flat=True):
        if there[application, None, "receipt", 0] != 1:
            yield f"application {application} has {there[application, None, 'receipt', 0]} receipts"
    for event in trace.Event.objects.filter(subject_kind="case").iterator():
        kind = papers.kind_of(event.act, json.loads(event.data) if event.data else {})
        if kind is None:
            continue
        number = there[owners[event.subject_key], cases[event.subject_key], kind.code, event.sequence]
        if number != 1:
            yield f"{event.subject_key} #{event.sequence} {event.act} has {number} papers of kind {kind.code}"


def counts() -> dict[str, int | str]:
    """How much there is, for the report."""
    return {
        "database": connection.vendor,
        "applications": Application.objects.count(),
        "events": trace.recent_events().count(),
        "clocks": Clock.objects.count(),
        "papers": Document.objects.count(),
    }
