"""Run rules over a set of events: what they would count, with the case and the event of each.

The same function serves the sweep that issues cards, the trial of a rule on last year's events, and the measurement of recall
and precision against planted faults.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet

from yimen.modules.cases import api as cases
from yimen.modules.supervision.queries import clocks, sets
from yimen.modules.supervision.queries.courses import chunked, courses_of
from yimen.modules.supervision.rules.facts import AUTHORITY_CLOCKS, DETECTORS
from yimen.modules.supervision.rules.spec import Finding, Period, RuleSpec, Seen
from yimen.modules.supervision.rules.substance import LOOKS

Progress = Callable[[int], None]


def evaluate(
    rules: Sequence[RuleSpec],
    period: Period,
    at: datetime,
    *,
    rows: "QuerySet[cases.Case] | None" = None,
    progress: Progress | None = None,
) -> Iterator[Finding]:
    """What these rules would have counted in a period.

    Args:
        rules: any versions of any rules; they need not be stored.
        period: in which the faults happened, by the moments of events and clocks, whenever these arrived.
        at: the present moment: what runs then is judged as it stands.
        rows: only these cases; default every case.
        progress: told how many cases or clocks were looked at since the last call.

    Yields:
        Findings with case, event or clock, who held the case, and the facts; each occasion at most once a rule.
    """
    told = progress or (lambda n: None)
    by_source: defaultdict[str, list[RuleSpec]] = defaultdict(list)
    for rule in rules:
        by_source[DETECTORS[rule.detector].source].append(rule)
    for rule in by_source["clocks"]:
        yield from _by_clock(rule, period, at, rows, told)
    every = cases.Case.objects.all() if rows is None else rows
    if by_source["chains"]:
        yield from _by_chain(by_source["chains"], every, period, told)
    for rule in by_source["sets"]:
        among = sets.Among(rows=every, period=period)
        yield from counted([rule], sets.SETS[rule.detector](among), period)


def counted(
    rules: Iterable[RuleSpec], seen: Iterable[Seen], period: Period | None = None
) -> Iterator[Finding]:
    """What the rules count of what was seen."""
    rules = list(rules)
    for one in seen:
        if period is not None and not period.holds(one.at):
            continue
        for rule in rules:
            if rule.detector == one.detector and rule.reaches(one.division) and rule.holds(one.facts):
                yield Finding(rule=rule, seen=one)


def clock_findings(rule: RuleSpec, aim: clocks.Aim) -> Iterator[Finding]:
    """What one rule over clocks counts: judged once without the case's own facts, so that few cases are read."""
    kinds = tuple(kind for kind in AUTHORITY_CLOCKS if rule.verdict({"clock": kind}) is not False)
    aim = replace(aim, kinds=kinds)
    stream = clocks.near(aim) if rule.detector == "clock_near" else clocks.overdue(aim)
    return counted([rule], clocks.with_holders(one for one in stream if _may_hold(rule, one)))


def _may_hold(rule: RuleSpec, seen: Seen) -> bool:
    """Could the rule still hold once the case is read? Only what is certainly false is left out."""
    verdict = rule.verdict(seen.facts)
    return verdict is not False


def case_findings(rules: Sequence[RuleSpec], rows: "QuerySet[cases.Case]") -> Iterator[Finding]:
    """What the rules over courses count in these cases, whenever it happened."""
    looks = {rule.detector for rule in rules}
    for chunk in chunked(rows):
        for course in courses_of(chunk):
            for code in looks & LOOKS.keys():
                yield from counted(rules, LOOKS[code](course))


def _by_clock(
    rule: RuleSpec, period: Period, at: datetime, rows: "QuerySet[cases.Case] | None", told: Progress
) -> Iterator[Finding]:
    aim = clocks.Aim(period=period, at=at, lead=rule.lead, division=rule.division, cases=rows)
    for finding in clock_findings(rule, aim):
        told(1)
        yield finding


def touched_in(rows: "QuerySet[cases.Case]", period: Period) -> "QuerySet[cases.Case]":
    """The cases that may have events in a period."""
    begun = Q(received_at__isnull=True) | Q(received_at__lt=period.until)
    return rows.filter(begun, Q(finished_at__isnull=True) | Q(finished_at__gte=period.since)).exclude(
        state="draft"
    )


def _by_chain(
    rules: list[RuleSpec], rows: "QuerySet[cases.Case]", period: Period, told: Progress
) -> Iterator[Finding]:
    looks = sorted({rule.detector for rule in rules})
    for chunk in chunked(touched_in(rows, period)):
        for course in courses_of(chunk):
            for code in looks:
                yield from counted(rules, LOOKS[code](course), period)
        told(len(chunk))
