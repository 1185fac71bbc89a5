"""Measurements of supervision: one sweep over many open clocks, and a trial of the whole start set over many cases."""

from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.supervision.models import Card, Rule
from yimen.modules.supervision.queries.evaluating import evaluate
from yimen.modules.supervision.rules.spec import Period
from yimen.modules.supervision.services.sweeping import sweep_clocks

ORIGIN = datetime(2020, 1, 1, tzinfo=UTC)


def sweep_bench(at: datetime) -> dict[str, Any]:
    """One sweep of every rule over clocks on the store as it stands; a second one finds nothing new.

    Returns:
        Open clocks, cards issued, seconds and statements of the first and of the second sweep.
    """
    running = deadlines.Clock.objects.filter(state=deadlines.ClockState.RUNNING).count()
    with CaptureQueriesContext(connection):
        began = perf_counter()
        made = sweep_clocks(at)
        first = perf_counter() - began
    with CaptureQueriesContext(connection) as asked:
        began = perf_counter()
        again = sweep_clocks(at)
        second = perf_counter() - began
    return {
        "open_clocks": running, "cards": made, "first_s": round(first, 3), "again_cards": again,
        "again_s": round(second, 3), "again_statements": len(asked), "cards_in_store": Card.objects.count(),
    }  # fmt: skip


def evaluate_bench(at: datetime) -> dict[str, Any]:
    """The whole start set over every case of the last year; nothing is written."""
    rules = [rule.spec for rule in Rule.objects.filter(is_latest=True)]
    began = perf_counter()
    found = sum(1 for _ in evaluate(rules, Period(since=max(ORIGIN, at - timedelta(days=365)), until=at), at))
    seconds = perf_counter() - began
    count = cases.Case.objects.count()
    return {
        "cases": count,
        "findings": found,
        "seconds": round(seconds, 2),
        "cases_a_second": round(count / seconds),
    }
