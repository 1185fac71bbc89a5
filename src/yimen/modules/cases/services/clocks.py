"""Which clocks a case carries, and when each starts, pauses and stops."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from yimen.modules.cases import rules
from yimen.modules.cases.models import Case, OpinionRequest
from yimen.modules.deadlines import api as deadlines
from yimen.modules.flows import api as flows

SUBJECT = "case"
STEP_SUBJECT = "case_step"
TELLING, CORRECTION, LEGAL, PROMISED, STEP = "telling", "correction", "legal", "promised", "step"
DELIVERY, TOLERANCE, PROMISE_CHECK, PROCEDURE = "delivery", "tolerance", "promise_check", "procedure"
HANDLING = (LEGAL, PROMISED)
OPINION, OPINION_SUBJECT = "opinion", "case_opinion"
deadlines.declare_kind(OPINION, "征求意见期限")
CORRECTION_DAYS = 20
"""Working days the notice gives the applicant; the law names none, so passing them has no consequence by itself."""


def spec(
    case: Case, kind: str, amount: int, *, unit: str = "working_day", clause: str = "", **more: object
) -> deadlines.ClockSpec:
    """A clock on this case, held by its organisation unless said otherwise."""
    values: dict[str, object] = {
        "subject_kind": SUBJECT,
        "subject_key": case.number,
        "holder": case.published.organisation_name,
        "organisation_id": case.organisation_id,
        "division": case.division,
        "roll": unit in ("calendar_day", "month", "year"),
    }
    return deadlines.ClockSpec(kind=kind, amount=amount, unit=unit, clause=clause, **(values | more))  # type: ignore[arg-type]


def telling_spec(case: Case) -> deadlines.ClockSpec:
    """Five working days to accept, refuse acceptance, or tell once what is missing."""
    return spec(case, TELLING, rules.TELLING_DAYS, clause=rules.TELLING_CLAUSE)


def start(case: Case, specs: Iterable[deadlines.ClockSpec], at: datetime) -> list[deadlines.Clock]:
    """Start clocks and let the case's own due moment follow the earliest of the authority's."""
    started = deadlines.start_clocks(specs, at)
    follow(case, started)
    return started


def follow(case: Case, clocks: Sequence[deadlines.Clock]) -> None:
    """The case is due when the first of the authority's running clocks is."""
    kinds = {TELLING, LEGAL, PROMISED, DELIVERY}
    due = [c.due_at for c in clocks if c.kind in kinds and c.due_at is not None and c.is_open]
    case.due_at = min(due) if due else None


def open_clocks(case: Case, *kinds: str) -> list[deadlines.Clock]:
    """The case's own open clocks."""
    return deadlines.open_clocks_of(SUBJECT, case.number, *kinds, lock=True)


def stop(case: Case, at: datetime, *kinds: str) -> None:
    """The act these clocks waited for was done."""
    deadlines.stop(open_clocks(case, *kinds), at)


def cancel_all(case: Case, at: datetime) -> None:
    """Nothing is promised any more: withdrawn, terminated."""
    deadlines.cancel(open_clocks(case) + step_clocks(case) + opinion_clocks(case), at)
    case.due_at = None


def start_handling(case: Case, accepted_at: datetime, at: datetime) -> None:
    """The limits of law and promise run from acceptance; each step that opens gets its own."""
    content = case.published.content
    specs = []
    for kind, limit in ((LEGAL, content.legal_limit), (PROMISED, content.promised_limit)):
        specs.append(
            spec(case, kind, limit.amount, unit=limit.unit, clause=limit.clause, start=accepted_at)
            if limit.amount
            else spec(case, kind, 1, clause=limit.clause or "即办件", start=accepted_at, first_day="same")
        )
    if case.owed and content.tolerance:
        tolerance = content.tolerance
        specs.append(
            spec(
                case,
                TOLERANCE,
                tolerance.days,
                clause=tolerance.clause,
                holder="申请人",
                organisation_id=None,
                start=accepted_at,
            )
        )
    start(case, [*specs, *step_specs(case, flows.open_steps(case.flow), accepted_at)], at)


def step_specs(case: Case, codes: Iterable[str], since: datetime) -> list[deadlines.ClockSpec]:
    """Clocks of the steps just opened that have a limit."""
    plan = {s.code: s for s in case.published.content.steps}
    return [
        spec(
            case, STEP, step.limit.amount, unit=step.limit.unit, clause=step.limit.clause, start=since,
            subject_kind=STEP_SUBJECT, subject_key=f"{case.number}:{step.code}",
            holder=f"{case.published.organisation_name} {step.name}",
        )
        for code in codes
        if (step := plan[code]).limit is not None and step.limit.amount
    ]  # fmt: skip


def step_clocks(case: Case, *codes: str) -> list[deadlines.Clock]:
    """Open clocks of the named steps, or of all steps."""
    names = codes or tuple(case.flow)
    keys = [f"{case.number}:{code}" for code in names]
    return (
        [c for row in deadlines.clocks_of(STEP_SUBJECT, keys).values() for c in row if c.is_open]
        if keys
        else []
    )


def step_passed(case: Case, code: str, opened: Iterable[str], at: datetime) -> None:
    """One step's clock stops, those of the steps it opened start."""
    deadlines.stop(step_clocks(case, code), at)
    deadlines.start_clocks(step_specs(case, opened, at), at)


def start_steps(case: Case, codes: Iterable[str], at: datetime) -> None:
    """Clocks of steps that opened anew."""
    deadlines.start_clocks(step_specs(case, codes, at), at)


def cancel_steps(case: Case, at: datetime) -> None:
    """Clocks of steps that no longer run because the file went back."""
    deadlines.cancel(step_clocks(case), at)


def pause(
    case: Case, at: datetime, *, reason: str, clause: str, document: str, days: int | None
) -> date | None:
    """Time excluded by law begins: the limits of law and promise and of open steps stand still (行政许可法第四十五条)."""
    running = [
        c
        for c in open_clocks(case, *HANDLING) + step_clocks(case)
        if not c.is_paused and not c.is_overdue(at)
    ]
    expected = None
    if days:
        [procedure] = deadlines.start_clocks([spec(case, PROCEDURE, days, clause=clause, holder=reason)], at)
        expected = procedure.due_on
    deadlines.pause(
        running, at, reason=reason, clause=clause, document=document, holder=reason, expected_to=expected
    )
    case.due_at = None
    return expected


def resume(case: Case, at: datetime) -> None:
    """Count again; a resume on the day the pause began leaves that one day out."""
    clocks = open_clocks(case)
    deadlines.resume([c for c in clocks + step_clocks(case) if c.is_paused], at)
    deadlines.stop([c for c in clocks if c.kind == PROCEDURE], at)
    follow(case, clocks)


def extend(
    case: Case, days: int, at: datetime, *, approver: str, reason: str, allowed: rules.Extension
) -> None:
    """Add approved days to the limits of law and promise; a promise already broken stays so and hinders nothing."""
    clocks = [c for c in open_clocks(case, *HANDLING) if c.kind == LEGAL or not c.is_overdue(at)]
    deadlines.extend(
        clocks, days, at, approver=f"{allowed.approver}（{approver}）", reason=reason,
        clause=allowed.clause, at_most=allowed.days,
    )  # fmt: skip
    follow(case, clocks)


def start_delivery(case: Case, at: datetime) -> None:
    """Ten working days to hand over the decision."""
    start(case, [spec(case, DELIVERY, rules.DELIVERY_DAYS, clause=rules.DELIVERY_CLAUSE)], at)


def stop_decided(case: Case, at: datetime) -> None:
    """The decision ends the limits of law and promise and whatever steps were left (a refusal may come early)."""
    deadlines.stop(open_clocks(case, *HANDLING), at)
    deadlines.cancel([*step_clocks(case), *open_clocks(case, TOLERANCE), *opinion_clocks(case)], at)


def start_promise_check(case: Case, at: datetime) -> None:
    """The promise is checked within the days that the standard names."""
    promise = case.published.content.promise
    if promise is not None:
        deadlines.start_clocks([spec(case, PROMISE_CHECK, promise.check_days, clause=promise.clause)], at)


def start_opinions(case: Case, requests: Sequence[tuple[OpinionRequest, int, str]], at: datetime) -> None:
    """Silence of an asked organisation counts from a clock of its own; sets each request's ``due_at``.

    Args:
        requests: (request, working days, clause) of opinions just asked.
    """
    specs = [
        spec(
            case, OPINION, days, clause=clause, subject_kind=OPINION_SUBJECT, subject_key=opinion_key(case, request),
            holder=request.organisation.label, organisation_id=request.organisation_id,
        )
        for request, days, clause in requests
    ]  # fmt: skip
    for (request, _, _), clock in zip(requests, deadlines.start_clocks(specs, at), strict=True):
        request.due_at = clock.due_at


def stop_opinion(case: Case, request: OpinionRequest, at: datetime) -> None:
    """The opinion was given, or its silence counted."""
    deadlines.stop(deadlines.open_clocks_of(OPINION_SUBJECT, opinion_key(case, request)), at)


def opinion_clocks(case: Case) -> list[deadlines.Clock]:
    """Open clocks of opinions asked and not given; costs nothing where the standard asks for none."""
    if not any(step.joint for step in case.published.content.steps):
        return []
    waiting = OpinionRequest.objects.filter(case=case, answered_at=None)
    keys = [opinion_key(case, request) for request in waiting]
    found = deadlines.clocks_of(OPINION_SUBJECT, keys) if keys else {}
    return [c for row in found.values() for c in row if c.is_open]


def opinion_key(case: Case, request: OpinionRequest) -> str:
    return f"{case.number}:{request.step}:{request.organisation_id}"
