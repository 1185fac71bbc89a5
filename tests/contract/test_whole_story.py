"""One application for two items, told through REST only: correction, suspension, extension, decisions, delivery."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.district import AT, FOOD, SIGN, Caller, District
from yimen.foundation.calendar.api import current_calendar
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import travel_to
from yimen.modules.cases import api as cases

HISTORIC = {"historic": "在"}


def on(day: int, hour: int = 10, month: int = 3) -> datetime:
    """A moment of March 2026 in China."""
    return AT.replace(month=month, day=day, hour=hour - 8)


class Story:
    """The people of the story and the case they work on."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.callers: dict[str, Caller] = {}

    def who(self, username: str) -> Caller:
        if username not in self.callers:
            self.callers[username] = self.district.caller(username)
        return self.callers[username]

    def does(self, username: str, moment: datetime, number: str, act: str, **taken: Any) -> dict[str, Any]:
        with travel_to(moment):
            before = self.who(username).get(f"/cases/{number}").body
            assert act in before["possible"], (act, before)
            done = self.who(username).act(number, act, **taken)
            assert done.status == 200, done.body
            assert done.body == self.who(username).get(f"/cases/{number}").body
            assert done.body["revision"] == before["revision"] + 1
        found: dict[str, Any] = done.body
        return found

    def may_not(
        self, username: str, moment: datetime, number: str, act: str, status: int, **taken: Any
    ) -> Any:
        with travel_to(moment):
            refused = self.who(username).act(number, act, **taken)
        assert refused.status == status, refused.body
        assert refused.headers["Content-Type"].startswith("application/problem+json")
        return refused.body


def clock(case: dict[str, Any], kind: str) -> dict[str, Any]:
    [found] = [c for c in case["clocks"] if c["kind"] == kind]
    return found


def due_day(moment: str) -> str:
    from yimen.kernel.clock import CHINA

    return datetime.fromisoformat(moment).astimezone(CHINA).date().isoformat()


@pytest.fixture
def story(district: District) -> Story:
    return Story(district)


def test_two_items_from_one_form_to_two_results(story: Story) -> None:
    received = story.district.handed_in("lin", FOOD, SIGN, form=HISTORIC, centre="lanjiang", at=on(2))
    assert received["state"] == "submitted"
    food, sign = (case["number"] for case in received["cases"])
    assert [c["item"] for c in received["cases"]] == [story.district.codes[s] for s in (FOOD, SIGN)]
    _the_food_licence(story, food)
    _the_signboard(story, sign)
    with travel_to(on(31)):
        closed = story.who("lin").get(f"/applications/{received['number']}").body
    assert (closed["state"], [c["state"] for c in closed["cases"]]) == ("closed", ["delivered", "delivered"])
    assert list(trace.verify_all()) == []


def _the_food_licence(story: Story, number: str) -> None:
    """Correction, two officers, suspension, extension, granted, delivered."""
    missing = [{"requirement": "layout", "reason": "布局图没有标出留样区"}]
    case = story.does("chen", on(3), number, "request_correction", missing=missing)
    assert (case["state"], case["due_at"]) == ("correction_requested", None)
    assert [c["kind"] for c in case["clocks"] if c["state"] == "running"] == ["correction"]
    story.may_not("chen", on(3), number, "accept", 409)
    digest = story.district.file_of("lin")
    case = story.does("lin", on(4), number, "correct", materials=[{"requirement": "layout", "file": digest}])
    assert (case["state"], due_day(case["due_at"])) == ("submitted", "2026-03-11")
    told_twice = [{"requirement": "id_card", "reason": "看不清"}]
    assert (
        story.may_not("chen", on(5), number, "request_correction", 409, missing=told_twice)["code"]
        == "told_once"
    )
    story.may_not("lin", on(5), number, "accept", 403)
    story.may_not("cgj-shen", on(5), number, "accept", 404)

    case = story.does("chen", on(5), number, "accept")
    assert (case["state"], case["step"]) == ("accepted", "review")
    assert due_day(clock(case, "legal")["due_at"]) == "2026-03-19"
    assert due_day(clock(case, "promised")["due_at"]) == due_day(case["due_at"]) == "2026-03-12"
    story.may_not("zhao", on(5), number, "decide", 403, outcome="granted")
    case = story.does("zhao", on(6), number, "pass_step", opinion="材料齐全")
    assert case["steps"] == ["site"]

    case = story.does(
        "zhao", on(9), number, "suspend", procedure="expert_review", clause="行政许可法第四十五条", days=3
    )
    assert (case["state"], case["due_at"]) == ("suspended", None)
    assert clock(case, "legal")["state"] == "paused"
    story.may_not("zhao", on(9), number, "pass_step", 409, opinion="同意")
    case = story.does("zhao", on(11), number, "resume")
    assert due_day(clock(case, "legal")["due_at"]) == "2026-03-24"  # three working days stood still

    case = story.does("sun", on(12), number, "extend", days=5, reason="需要复测油烟排放")
    assert due_day(clock(case, "legal")["due_at"]) == "2026-03-31"
    assert "extend" not in case["possible"]
    case = story.does("zhao", on(12), number, "pass_step", opinion="现场符合")
    assert "pass_step" not in case["possible"], "the same officer cannot sign twice"
    assert (
        story.may_not("zhao", on(12), number, "pass_step", 409, opinion="再签")["code"]
        == "second_officer_needed"
    )
    story.may_not("sun", on(12), number, "decide", 409, outcome="granted")
    case = story.does("scjgj-li", on(13), number, "pass_step", opinion="同意")
    case = story.does("sun", on(16), number, "decide", outcome="granted")
    assert (case["state"], case["outcome"]) == ("granted", "granted")
    assert due_day(clock(case, "delivery")["due_at"]) == due_day(case["due_at"]) == "2026-03-30"
    case = story.does("chen", on(17), number, "deliver", way="window")
    assert (case["state"], case["due_at"], case["possible"]) == ("delivered", None, [])
    _the_books_agree(story, number, until=date(2026, 3, 17))


def _the_signboard(story: Story, number: str) -> None:
    """Joint opinion of two departments, refused with reasons, delivered."""
    case = story.does("chen", on(3), number, "accept")
    assert case["steps"] == ["review", "historic_opinion"]
    waiting = story.may_not(
        "cgj-shen", on(3), number, "pass_step", 409, step="historic_opinion", opinion="同意"
    )
    assert waiting["code"] == "opinions_waiting"
    ambiguous = story.may_not("cgj-shen", on(3), number, "pass_step", 422, opinion="同意")
    assert "step" in ambiguous["fields"]
    story.does("cgj-shen", on(4), number, "pass_step", step="review", opinion="尺寸合规")
    assert "pass_step" not in story.who("cgj-shen").get(f"/cases/{number}").body["possible"]
    with travel_to(on(5)):
        for username in ("zrzyj-shen", "wglj-shen"):
            actor = story.district.actor(username, on(5))
            seen = story.who(username).get(f"/cases/{number}")
            assert (seen.status, seen.body["possible"]) == (200, []), "asked for an opinion, nothing else"
            [request] = cases.opinions_waiting_for(actor)
            cases.give_opinion(request.pk, "agree", "没有不同意见", actor, on(5))
    story.does("cgj-shen", on(6), number, "pass_step", opinion="两部门同意")
    assert "clause" in story.may_not("cgj-zhang", on(9), number, "decide", 422, outcome="refused")
    case = story.does(
        "cgj-zhang", on(9), number, "decide", outcome="refused", reason="招牌遮挡消防救援窗口",
        clause="城市市容和环境卫生管理条例第十一条", would_pass="改小尺寸后重新申请",
    )  # fmt: skip
    assert case["outcome"] == "refused"
    story.does("chen", on(30), number, "deliver", way="courier", reference="SF0001")
    _the_books_agree(story, number, until=date(2026, 3, 30))


def _the_books_agree(story: Story, number: str, until: date) -> None:
    """Trace chain unbroken and complete; the ledger has each day once, and counts what the clocks counted."""
    with travel_to(on(31)):
        events = story.who("qian").get(f"/cases/{number}/trace").body
        ledger = story.who("lin").get(f"/cases/{number}/ledger").body
        case = story.who("lin").get(f"/cases/{number}").body
    assert [e["sequence"] for e in events] == list(range(1, len(events) + 1))
    assert events[0]["previous"] == ""
    for before, after in pairwise(events):
        assert (after["previous"], after["from"]) == (before["hash"], before["to"])
    assert events[-1]["to"] == case["state"]
    assert list(trace.verify_chain("case", number)) == []

    days = [date.fromisoformat(row["date"]) for row in ledger]
    assert days == [date(2026, 3, 2) + timedelta(n) for n in range((until - date(2026, 3, 2)).days + 1)]
    assert all(row["holder"] and row["why"] for row in ledger)
    calendar = current_calendar()
    assert not [r for r in ledger if r["counted"] and not calendar.is_working(date.fromisoformat(r["date"]))]
    excluded = [r for r in ledger if not r["counted"] and calendar.is_working(date.fromisoformat(r["date"]))]
    assert all(r["why"] for r in excluded)
    legal = clock(case, "legal")
    began, ended = (date.fromisoformat(due_day(m)) for m in (legal["started_at"], _decided(events)))
    counted = sum(row["counted"] for row in ledger if began < date.fromisoformat(row["date"]) <= ended)
    paused = _paused_days(events, calendar)
    span = (began + timedelta(n) for n in range(1, (ended - began).days + 1))
    assert counted == sum(map(calendar.is_working, span)) - paused


def _decided(events: list[dict[str, Any]]) -> str:
    [found] = [e["at"] for e in events if e["act"] == "decide"]
    at: str = found
    return at


def _paused_days(events: list[dict[str, Any]], calendar: Any) -> int:
    """Working days from the first to the last day of a special procedure, both left out."""
    acts = {e["act"]: date.fromisoformat(due_day(e["at"])) for e in events}
    if "suspend" not in acts:
        return 0
    days = (acts["resume"] - acts["suspend"]).days + 1
    return sum(calendar.is_working(acts["suspend"] + timedelta(n)) for n in range(days))
