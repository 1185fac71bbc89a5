"""Whatever is changed in the stored trace is found."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from yimen.foundation.trace import api as trace
from yimen.foundation.trace.models import Event, Seal
from yimen.kernel.actor import Actor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)
CLERK = Actor(account_id=7, name="陈窗口", channel="window")


@pytest.fixture
def chain() -> None:
    head = trace.Head()
    for n in range(4):
        head = trace.append(
            "thing", "T-1", "act", CLERK, AT + timedelta(minutes=n), head=head,
            from_state="a", to_state="b", clause="第一条", note="备注", on_behalf="某人", data={"n": n, "名": "值"},
        )  # fmt: skip
    trace.append("thing", "T-2", "act", CLERK, AT)
    trace.seal(AT + timedelta(hours=1))


def first_break() -> trace.Break | None:
    return next(iter(trace.verify_all()), None)


def change(table: str, column: str, value: object, row: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row])


def test_an_untouched_trace_holds(chain: None) -> None:
    assert first_break() is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sequence", 9), ("at", AT + timedelta(microseconds=1)), ("actor_id", 8), ("actor_name", "陈窗囗"),
        ("on_behalf", "某入"), ("channel", "windov"), ("act", "acT"), ("from_state", "A"), ("to_state", "B"),
        ("clause", "第二条"), ("note", "备註"), ("data", '{"n":1,"名":"値"}'), ("data", '{"n": 1,"名":"值"}'),
        ("previous", "0" * 64), ("hash", "f" * 64), ("subject_key", "T-3"), ("subject_kind", "thinG"),
    ],
)  # fmt: skip
def test_any_changed_column_of_an_event_is_found(chain: None, column: str, value: object) -> None:
    event = Event.objects.filter(subject_key="T-1", sequence=2).get()
    change("trace_event", column, value, event.pk)
    assert first_break() is not None


def test_every_single_byte_of_the_data_matters(chain: None) -> None:
    event = Event.objects.get(subject_key="T-1", sequence=3)
    for place in range(len(event.data)):
        for other in (" ", "\t", "x"):
            if event.data[place] == other:
                continue
            change("trace_event", "data", event.data[:place] + other + event.data[place + 1 :], event.pk)
            assert first_break() is not None, place
    change("trace_event", "data", event.data, event.pk)
    assert first_break() is None


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite keeps moments as text")
def test_another_spelling_of_the_same_moment_is_found(chain: None) -> None:
    event = Event.objects.get(subject_key="T-1", sequence=3)
    change("trace_event", "at", "2026-03-02T01:04:03.456789", event.pk)
    assert first_break() is not None


def test_a_rewritten_chain_breaks_the_seal(chain: None) -> None:
    """An attacker who recomputes every hash of a chain cannot sign the seal again."""
    Event.objects.filter(subject_key="T-2").delete()
    trace.append("thing", "T-2", "act", CLERK, AT, note="改写")
    found = first_break()
    assert found is not None and found.subject.startswith("seal")


def test_a_deleted_last_event_breaks_the_seal(chain: None) -> None:
    Event.objects.filter(subject_key="T-1", sequence=4).delete()
    assert first_break() is not None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("count", 99),
        ("root", "0" * 64),
        ("signature", "0" * 64),
        ("last_event", 0),
        ("at", AT),
        ("number", 5),
    ],
)
def test_any_changed_column_of_a_seal_is_found(chain: None, column: str, value: object) -> None:
    change("trace_seal", column, value, Seal.objects.get().pk)
    assert first_break() is not None


def test_a_deleted_seal_is_found(chain: None) -> None:
    trace.append("thing", "T-2", "act", CLERK, AT + timedelta(hours=2))
    trace.seal(AT + timedelta(hours=4))
    Seal.objects.get(number=1).delete()
    assert first_break() is not None


def test_sealing_waits_for_what_may_still_be_written(chain: None) -> None:
    trace.append("thing", "T-2", "act", CLERK, AT + timedelta(hours=2))
    assert trace.seal(AT + timedelta(hours=2, seconds=30)) is None
    assert trace.seal(AT + timedelta(hours=2, seconds=61)) is not None


def test_reading_personal_data_is_an_act(chain: None) -> None:
    trace.record_reading(CLERK, "person", "12", "核对证件", AT)
    [event] = trace.events_of("reading:person", "12")
    assert (event.act, event.actor_name, event.note) == ("read", "陈窗口", "核对证件")
