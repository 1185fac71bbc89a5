"""Two at the same moment: exactly one wins, and the other is told. Threads with connections of their own: PostgreSQL."""

from collections.abc import Callable, Iterator
from contextvars import copy_context
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from tests.district import AT, STREET, Answer, District, forget, make_district
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import travel_to
from yimen.modules.cases.models import Application, Case

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory has one connection"),
]


@pytest.fixture
def district(transactional_db: None) -> Iterator[District]:
    with travel_to(AT):
        yield make_district()
    forget()


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """Let the calls start together; their answers in the order given."""
    start, answers = Barrier(len(calls)), [Answer(0, {}, {})] * len(calls)

    def run(place: int, call: Callable[[], Answer]) -> None:
        try:
            start.wait()
            answers[place] = call()
        finally:
            connections.close_all()

    threads = [Thread(target=copy_context().run, args=(run, n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_key_at_the_same_moment_is_one_application(district: District) -> None:
    body = district.application("lin", STREET)
    callers = [district.caller("lin") for _ in range(4)]
    answers = at_once(*(lambda c=c: c.post("/applications", body, "same-key") for c in callers))
    assert [a.status for a in answers] == [201] * 4, [a.body for a in answers]
    assert len({a.body["number"] for a in answers}) == 1
    assert Application.objects.count() == 1


def test_the_same_key_with_other_bodies_is_one_and_conflicts(district: District) -> None:
    bodies = [
        district.application("lin", STREET, delivery_way=way) for way in ("window", "courier", "electronic")
    ]
    callers = [district.caller("lin") for _ in bodies]
    answers = at_once(
        *(
            lambda c=c, b=b: c.post("/applications", b, "same-key")
            for c, b in zip(callers, bodies, strict=True)
        )
    )
    assert sorted(a.status for a in answers) == [201, 409, 409]
    assert {a.code for a in answers if a.status == 409} == {"idempotency_key_reused"}
    assert Application.objects.count() == 1


def test_a_key_whose_first_use_failed_is_used_by_the_twin(district: District) -> None:
    callers = [district.caller("lin") for _ in range(3)]
    answers = at_once(
        *(lambda c=c: c.post("/applications", {"items": ["NONE"]}, "same-key") for c in callers)
    )
    assert {a.status for a in answers} <= {404, 409, 422}
    assert callers[0].post("/applications", district.application("lin", STREET), "same-key").status == 201


def test_the_same_application_at_the_same_moment_is_received_once(district: District) -> None:
    body = district.application("lin", STREET)
    callers = [district.caller("lin") for _ in range(4)]
    answers = at_once(*(lambda c=c: c.post("/applications", body) for c in callers))
    assert sorted(a.status for a in answers) == [201, 409, 409, 409]
    [made] = [a.body["number"] for a in answers if a.status == 201]
    for refused in (a for a in answers if a.status == 409):
        assert (refused.code, refused.body["fields"]["number"]) == ("duplicate_application", made)
    assert Application.objects.count() == 1


def test_of_two_clerks_at_once_one_wins_and_the_other_is_told_who(district: District) -> None:
    number = district.case("lin", STREET)
    seen = Case.objects.get(number=number).revision
    first, second = district.caller("cgj-shen"), district.caller("cgj-cha")
    answers = at_once(
        lambda: first.act(number, "accept", revision=seen),
        lambda: second.act(number, "accept", revision=seen),
    )
    assert sorted(a.status for a in answers) == [200, 409]
    [told] = [a.body["detail"] for a in answers if a.status == 409]
    winner = "城管审查" if answers[0].status == 200 else "城管核查"
    assert winner in told and "受理" in told
    assert trace.events_of("case", number).count() == 2
    assert list(trace.verify_chain("case", number)) == []


def test_different_acts_at_once_leave_an_unbroken_chain(district: District) -> None:
    number = district.case("lin", STREET)
    cgj, lin = district.caller("cgj-shen"), district.caller("lin")
    answers = at_once(
        lambda: cgj.act(number, "accept"),
        lambda: lin.act(number, "withdraw"),
        lambda: cgj.act(
            number, "refuse_acceptance", clause="第三十二条", reason="不属职权", would_pass="请到市局"
        ),
        lambda: cgj.act(number, "request_correction", missing=[{"requirement": "form", "reason": "写错了"}]),
    )
    assert {a.status for a in answers} <= {200, 409}
    events = list(trace.events_of("case", number))
    assert len(events) == 1 + sum(a.status == 200 for a in answers)
    assert list(trace.verify_chain("case", number)) == []


def test_numbers_never_repeat(district: District) -> None:
    bodies = [district.application("lin", STREET, form={"application_reason": f"第{n}次"}) for n in range(8)]
    callers = [district.caller("lin") for _ in bodies]
    answers = at_once(
        *(lambda c=c, b=b: c.post("/applications", b) for c, b in zip(callers, bodies, strict=True))
    )
    assert len({a.body["number"] for a in answers}) == 8
