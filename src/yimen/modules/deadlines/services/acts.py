"""Pausing, resuming, extending, stopping and cancelling clocks.

Every act takes one clock or many of the same request and writes them in one statement. The caller read the clocks in its
own transaction (``queries.open_clocks_of(..., lock=True)``).
"""

from collections.abc import Iterable
from datetime import date, datetime

from yimen.foundation.calendar.api import current_calendar
from yimen.kernel import frozen
from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.deadlines.models import Clock, read_moment
from yimen.modules.deadlines.rules import Unit
from yimen.modules.deadlines.rules.values import local_day, local_moment
from yimen.modules.deadlines.services.specs import set_due
from yimen.modules.deadlines.states import ClockState

DUE = ("due_on", "due_at", "awaits_year", "calendar_version")


def pause(
    clocks: Clock | Iterable[Clock],
    at: datetime,
    *,
    reason: str,
    clause: str = "",
    document: str = "",
    holder: str = "",
    since: date | None = None,
    expected_to: date | None = None,
) -> list[Clock]:
    """Stop counting from a day on (that whole day is left out; for hours, from the moment).

    Args:
        reason, clause, document: why, by which article, told in which paper (行政许可法第四十五条).
        holder: in whose hands the matter is meanwhile (a testing body, the applicant).
        since: first excluded day, default the local day of ``at``.
        expected_to: the end told to the applicant; a promise, not a limit.

    Raises:
        NotPossible: a clock is not running, or is overdue: lost time is not repaired by a pause.
    """
    rows = _listed(clocks)
    for clock in rows:
        begins = since or _mark(clock, at)
        _must_run(clock, "暂停计时")
        if clock.due_at is not None and (clock.due_at < at or clock.due_at < local_moment(begins)):
            raise NotPossible(
                f"{clock.kind_label}已经超期，不能再暂停计时。", code="clock_overdue", clause=clause
            )
        if local_day(begins) < local_day(clock.started_at):
            raise Invalid("暂停计时不能早于起算日。", fields={"from": "请选择起算日或之后的日期。"})
        entry = {
            "from": begins.isoformat(),
            "to": None,
            "reason": reason,
            "clause": clause,
            "document": document,
        }
        if holder:
            entry["holder"] = holder
        if expected_to:
            entry["expected_to"] = expected_to.isoformat()
        clock.exclusions = [*clock.exclusions, entry]
        clock.state = ClockState.PAUSED
        clock.due_on = clock.due_at = clock.awaits_year = None
    return _write(rows, "exclusions", "state", *DUE)


def resume(clocks: Clock | Iterable[Clock], at: datetime, *, until: date | None = None) -> list[Clock]:
    """Count again: ``until`` (default the local day of ``at``) is the last day left out.

    Raises:
        NotPossible: a clock is not paused.
        Invalid: the pause would end before it began.
    """
    rows = _listed(clocks)
    for clock in rows:
        if clock.state != ClockState.PAUSED:
            raise NotPossible(f"{clock.kind_label}没有暂停，不需要恢复计时。", code="clock_not_paused")
        _close_pause(clock, until or _mark(clock, at))
        clock.state = ClockState.RUNNING
        set_due(clock, current_calendar(clock.region))
    return _write(rows, "exclusions", "state", *DUE)


def extend(
    clocks: Clock | Iterable[Clock],
    amount: int,
    at: datetime,
    *,
    approver: str,
    reason: str,
    clause: str = "",
    at_most: int | None = None,
    times: int = 1,
) -> list[Clock]:
    """Add approved time of the same unit, before the limit is over.

    Args:
        approver: who approved it (行政许可法第四十二条: the head of the organ; joint handling: of the government).
        at_most: what the rule allows in all, such as 10.
        times: how often the rule allows it, usually once.

    Raises:
        Invalid: no time, or more than the rule allows; no approver or reason.
        NotPossible: the clock is closed or overdue, or was extended as often as allowed.
    """
    if amount <= 0 or (at_most is not None and amount > at_most):
        allowed = f"1至{at_most}" if at_most is not None else "正整数"
        raise Invalid(f"延长的时间应为{allowed}。", fields={"amount": f"请填写{allowed}。"}, clause=clause)
    if not approver.strip() or not reason.strip():
        raise Invalid(
            "延长期限应写明批准人和理由。", fields={"reason": "请写明批准人和理由。"}, clause=clause
        )
    rows = _listed(clocks)
    for clock in rows:
        if not clock.is_open:
            raise NotPossible(f"{clock.kind_label}已经停止，不能延长。", code="clock_closed")
        if clock.is_overdue(at):
            raise NotPossible(
                f"{clock.kind_label}已经届满，延长应当在届满之前批准。", code="clock_overdue", clause=clause
            )
        if len(clock.extensions) >= times:
            raise NotPossible(
                f"{clock.kind_label}最多延长{times}次。", code="extended_already", clause=clause
            )
        entry = {
            "amount": amount,
            "approver": approver,
            "reason": reason,
            "clause": clause,
            "at": at.isoformat(),
        }
        clock.extensions = [*clock.extensions, entry]
        set_due(clock, current_calendar(clock.region))
    return _write(rows, "extensions", *DUE)


def stop(clocks: Clock | Iterable[Clock], at: datetime) -> list[Clock]:
    """The act was done: the clock keeps whether it was in time. A pause still open ends that day."""
    rows = _listed(clocks)
    for clock in rows:
        if not clock.is_open:
            raise NotPossible(f"{clock.kind_label}已经停止。", code="clock_closed")
        if clock.is_paused:
            _close_pause(clock, _mark(clock, at))
            clock.state = ClockState.RUNNING
            set_due(clock, current_calendar(clock.region))
        late = clock.is_overdue(at)
        clock.state = ClockState.MISSED if late else ClockState.MET
        clock.stopped_at = at
    return _write(rows, "state", "stopped_at", "exclusions", *DUE)


def cancel(clocks: Clock | Iterable[Clock], at: datetime) -> list[Clock]:
    """The promise fell away (withdrawn, terminated): neither met nor missed. The due day it had is kept for the record."""
    rows = _listed(clocks)
    for clock in rows:
        if not clock.is_open:
            raise NotPossible(f"{clock.kind_label}已经停止。", code="clock_closed")
        if clock.is_paused:
            _close_pause(clock, _mark(clock, at))
        clock.state = ClockState.CANCELLED
        clock.stopped_at = at
    return _write(rows, "state", "stopped_at", "exclusions")


def hand_over(clocks: Clock | Iterable[Clock], holder: str, organisation_id: int | None) -> list[Clock]:
    """Another holder has to act now; the limit itself does not change."""
    rows = _listed(clocks)
    for clock in rows:
        clock.holder, clock.organisation_id = holder, organisation_id
    return _write(rows, "holder", "organisation_id")


def _listed(clocks: Clock | Iterable[Clock]) -> list[Clock]:
    return [clocks] if isinstance(clocks, Clock) else list(clocks)


def _mark(clock: Clock, at: datetime) -> date:
    """What a pause of this clock is bounded by: a moment for hours, else a local day."""
    return at if Unit(clock.unit).in_hours else local_day(at)


def _must_run(clock: Clock, act: str) -> None:
    if clock.state != ClockState.RUNNING:
        raise NotPossible(f"{clock.kind_label}不在计时中，不能{act}。", code="clock_not_running")


def _close_pause(clock: Clock, until: date) -> None:
    closed = []
    for entry in clock.exclusions:
        if entry.get("to") is None:
            if local_day(until) < local_day(read_moment(entry["from"])):
                raise Invalid("恢复计时不能早于暂停的日期。", fields={"to": "请选择暂停当日或之后的日期。"})
            entry = {**entry, "to": until.isoformat()}
        closed.append(entry)
    clock.exclusions = closed


def _write(rows: list[Clock], *fields: str) -> list[Clock]:
    if len(rows) == 1:
        frozen.update(rows[0], *fields)
    elif rows:
        Clock.objects.bulk_update(rows, fields, batch_size=500)
    return rows
