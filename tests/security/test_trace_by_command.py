"""``yimen trace verify``: one changed byte anywhere in the event table is found, and said."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.district import AT, STREET, District
from yimen.foundation.trace import api as trace
from yimen.foundation.trace.models import Event
from yimen.modules.cases.models import Case
from yimen.site.commands import trace as command

COLUMNS = [f.column for f in Event._meta.concrete_fields if f.column != "id"]


@pytest.fixture
def told(district: District, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command; gives its exit code and what it said."""
    monkeypatch.setattr(command.store, "open_store", lambda: None)

    def run(*arguments: str) -> tuple[int, str]:
        code = command.run(["verify", *arguments])
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def number(district: District) -> str:
    found = district.case("lin", STREET)
    cgj = district.caller("cgj-shen")
    assert cgj.act(found, "accept", note="材料齐全").status == 200
    assert cgj.act(found, "suspend", procedure="hearing", clause="行政许可法第四十五条", days=3).status == 200
    return found


def change(column: str, row: int) -> None:
    """Change one character of one column as somebody with the file would: in SQL, behind the program's back."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM trace_event WHERE id = %s', [row])
        [value] = cursor.fetchone()
        cursor.execute(f'UPDATE trace_event SET "{column}" = %s WHERE id = %s', [other_than(value), row])


def other_than(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, str):
        return (chr(ord(value[0]) ^ 1) + value[1:]) if value else "x"
    return 7 if value is None else value + timedelta(microseconds=1)


def test_an_untouched_store_is_well(told: Any, number: str) -> None:
    assert told() == (0, f"OK  {Event.objects.count()} events, every chain, seal and state agrees.\n")
    assert told(number) == (0, "OK  3 events.\n")


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    "column", [c for c in COLUMNS if c != "at"] + (["at"] if connection.vendor == "postgresql" else [])
)
def test_a_changed_character_is_found(told: Any, number: str, column: str, place: int) -> None:
    change(column, list(trace.events_of("case", number))[place].pk)
    code, said = told()
    assert code == 1 and said.startswith("BROKEN"), (column, said)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="bytes of the SQLite table")
@pytest.mark.parametrize(
    "column", [f.column for f in Event._meta.concrete_fields if f.get_internal_type() != "BigAutoField"]
)
def test_each_byte_of_the_table_counts(told: Any, number: str, column: str) -> None:
    """Every byte of each column of the accepting event, flipped one at a time in raw SQL."""
    event = trace.events_of("case", number).get(sequence=2)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT CAST("{column}" AS BLOB) FROM trace_event WHERE id = %s', [event.pk])
        [stored] = cursor.fetchone()
    raw = bytes(stored or b"")
    for position in range(len(raw)):
        flipped = raw[:position] + bytes([raw[position] ^ 0x01]) + raw[position + 1 :]
        with suppress(UnicodeDecodeError, IntegrityError), transaction.atomic():
            put(event.pk, column, flipped.decode())
            assert found(number), (column, position)
            transaction.set_rollback(True)


def put(row: int, column: str, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE trace_event SET "{column}" = CAST(%s AS TEXT) WHERE id = %s', [text, row])


def found(number: str) -> bool:
    """Does the check tell of the change?"""
    return any(True for _ in trace.verify_chain("case", number)) or any(True for _ in trace.verify_all())


def test_a_removed_event_is_found(told: Any, number: str) -> None:
    for sequence in (1, 2, 3):
        kept = Event.objects.get(subject_key=number, sequence=sequence)
        Event.objects.filter(pk=kept.pk).delete()
        assert told(number)[0] == told()[0] == 1
        kept.save(force_insert=True)
    assert told()[0] == 0


def test_a_chain_removed_whole_is_found_by_the_seal(told: Any, number: str) -> None:
    trace.seal(AT + timedelta(days=1))
    assert told()[0] == 0
    Event.objects.filter(subject_key=number).delete()
    code, said = told()
    assert code == 1 and "seal" in said
    assert told(number)[0] == 1


def test_a_state_changed_without_an_act_is_found(told: Any, number: str) -> None:
    Case.objects.filter(number=number).update(state="granted")
    code, said = told(number)
    assert code == 1 and "granted" in said


def test_a_draft_has_nothing_to_verify(told: Any, district: District) -> None:
    draft = district.handed_in("lin", STREET, draft=True)["cases"][0]["number"]
    assert told(draft) == (0, "OK  0 events.\n")


def test_an_unknown_case_is_told(told: Any, number: str) -> None:
    assert told("4499012603029999990-1")[0] == 1
