"""When clocks move as a whole, cases follow."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from yimen.foundation.calendar.api import packaged_calendar
from yimen.foundation.calendar.tests.factories import year_2027
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.errors import NotAllowed, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, brought_to
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items.api import activate_due
from yimen.modules.items.content import Limit
from yimen.modules.items.tests.factories import publish_next_version

pytestmark = pytest.mark.django_db
PUBLISHER = Actor(account_id=1, name="发布人", grants={"console:standard:publish": (Scope(),)})


def due(case: cases.Case, kind: str) -> date | None:
    [found] = deadlines.clocks_of("case", [case.number]).values()
    return next(c.due_on for c in found if c.kind == kind)


def publish_with_promise(case: cases.Case, days: int) -> None:
    """A second version with another promise, in force tomorrow."""
    content = case.published.content.model_copy(update={"promised_limit": Limit(amount=days), "steps": ()})
    publish_next_version(case.published.code, content, date(2026, 3, 3), AT)


def test_a_shorter_promise_is_looked_at_and_then_holds_for_running_cases() -> None:
    case, _ = brought_to("accepted")
    publish_with_promise(case, 5)
    later = AT + timedelta(days=2)
    preview = cases.preview_promise(case.published.code, later)
    assert (preview.moved, preview.earlier) == (1, 1)
    assert due(case, "promised") == date(2026, 3, 17)
    assert cases.extend_promise_to_running(case.published.code, PUBLISHER, later) == 1
    case.refresh_from_db()
    assert due(case, "promised") == date(2026, 3, 10)
    [found] = deadlines.clocks_of("case", [case.number]).values()
    assert case.due_at == next(c.due_at for c in found if c.kind == "promised")


def test_a_longer_promise_never_takes_back_what_was_promised() -> None:
    case, _ = brought_to("accepted")
    publish_with_promise(case, 15)
    with pytest.raises(NotPossible, match="不能收回"):
        cases.extend_promise_to_running(case.published.code, PUBLISHER, AT + timedelta(days=2))


def test_only_who_publishes_may_do_it() -> None:
    case, _ = brought_to("accepted")
    publish_with_promise(case, 5)
    with pytest.raises(NotAllowed):
        cases.extend_promise_to_running(
            case.published.code, replace(PUBLISHER, grants={}), AT + timedelta(days=2)
        )


def test_a_case_whose_due_day_awaited_a_notice_gets_it_with_the_notice() -> None:
    case, _ = brought_to("accepted", at=AT.replace(month=12, day=21))
    case.refresh_from_db()
    assert due(case, "legal") is None
    calendar = packaged_calendar().with_year(year_2027())
    deadlines.apply_moves(calendar, AT.replace(month=12, day=23), by="测试", why="公布2027年放假安排")
    case.refresh_from_db()
    assert due(case, "legal") is not None and case.due_at is not None


def test_the_console_lists_items_whose_running_cases_were_promised_more() -> None:
    case, _ = brought_to("accepted")
    assert cases.longer_promises(PUBLISHER) == []
    publish_with_promise(case, 5)
    activate_due(AT + timedelta(days=2))
    [line] = cases.longer_promises(PUBLISHER)
    assert (line.code, line.held["amount"], line.promised["amount"], line.count) == (
        case.published.code,
        10,
        5,
        1,
    )
