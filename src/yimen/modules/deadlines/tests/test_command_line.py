"""``yimen deadline``: one answer explained, and JSON lines."""

import io
import json
import os
import threading
from datetime import date

import pytest
from django.db import OperationalError

from yimen.foundation.calendar.api import packaged_calendar
from yimen.modules.deadlines import commands
from yimen.modules.deadlines.bench import bench
from yimen.modules.deadlines.tests.factories import local

AT = local("2026-02-11 10:00")


def run(*argv, given=""):
    out = io.StringIO()
    code = commands.deadline(argv, io.StringIO(given), out, AT, packaged_calendar())
    return code, out.getvalue()


def batch(*rows):
    given = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    code, text = run("--batch", given=given)
    assert code == 0
    return [json.loads(line) for line in text.splitlines()]


def test_a_due_day_is_explained_in_chinese():
    code, text = run("2026-02-11", "5")
    assert code == 0
    assert "届满  2026年2月25日（周三）" in text
    assert "春节放假，不是工作日" in text
    assert run("today", "5") == (code, text)
    assert run("2026-02-11", "5", "工作日") == (code, text)


def test_all_the_options_of_the_contract():
    _, text = run("2025-09-15", "20", "--exclude", "2025-09-22/2025-10-15/检验检测")
    assert "2025年11月6日" in text
    assert "检验检测，不计入期限" in text
    _, text = run("2025-09-10", "20", "--extend", "10", "--json")
    assert json.loads(text)["due"] == "2025-10-28"
    _, text = run("2024-10-06", "1", "--first-day", "same", "--json")
    assert json.loads(text)["due"] == "2024-10-08"
    _, text = run("2024-09-05", "1", "month", "--roll", "--json")
    assert json.loads(text)["due"] == "2024-10-08"
    _, text = run("2026-02-14T16:30", "5", "working_hour")
    assert "2026年2月24日（周二） 15:00" in text


def test_refusals_are_sentences_with_an_exit_code():
    code, text = run("2026-12-25", "20")
    assert (code, "2027年" in text) == (1, True)
    code, text = run("2026-12-25", "20", "--json")
    assert (code, "2027" in json.loads(text)["error"]) == (1, True)
    assert run("soon", "5")[0] == 1
    assert run("2026-02-11", "five")[0] == 2
    assert run("2026-02-11", "5", "week")[0] == 1
    assert run()[0] == 2
    assert run("--help")[0] == 0


def test_batch_answers_every_line_in_order():
    answers = batch(
        {"id": "a", "start": "2026-02-11", "amount": 5},
        "",
        {"id": 2, "start": "2026-12-25", "amount": 20, "unit": "working_day"},
        {"start": "2024-08-06", "amount": 60, "unit": "calendar_day", "roll": True},
        {"id": 4, "start": "2024-01-31", "amount": 1, "unit": "month"},
        {"id": 5, "start": "2024-02-29", "amount": 1, "unit": "year"},
        {"id": 6, "start": "2026-02-14T16:30:00+08:00", "amount": 5, "unit": "working_hour"},
        {"id": 7, "start": "2026-02-11", "amount": 5, "first_day": "same"},
        {
            "id": 8,
            "start": "2025-09-15",
            "amount": 10,
            "unit": "working_day",
            "exclusions": [{"from": "2025-09-22", "to": "2025-10-15", "reason": "检验检测"}],
            "extensions": [{"amount": 10}],
        },
    )
    assert [a.get("due") for a in answers] == [
        "2026-02-25",
        None,
        "2024-10-08",
        "2024-02-29",
        "2025-02-28",
        "2026-02-24T15:00:00+08:00",
        "2026-02-24",
        "2025-11-06",
    ]
    assert [a.get("id") for a in answers] == ["a", 2, None, 4, 5, 6, 7, 8]
    assert "2027" in answers[1]["error"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        "nothing",
        "[" * 100_000,
        {"id": "x"},
        {"id": "x", "start": "2026-02-30", "amount": 1},
        {"id": "x", "start": 20260211, "amount": 1},
        {"id": "x", "start": "2026-02-11", "amount": -1},
        {"id": "x", "start": "2026-02-11", "amount": "5"},
        {"id": "x", "start": "2026-02-11", "amount": True},
        {"id": "x", "start": "2026-02-11", "amount": 1.5},
        '{"start": "2026-02-11", "amount": 1e400}',
        {"id": "x", "start": "2026-02-11", "amount": 10**30},
        {"id": "x", "start": "2026-02-11", "amount": 1, "unit": "week"},
        {"id": "x", "start": "2026-02-11", "amount": 1, "unit": ["hour"]},
        {"id": "x", "start": "2026-02-11", "amount": 1, "first_day": "last"},
        {"id": "x", "start": "2026-02-11", "amount": 1, "roll": "yes"},
        {"id": "x", "start": "2026-02-11", "amount": 1, "exclusions": {"from": "2026-02-12"}},
        {"id": "x", "start": "2026-02-11", "amount": 1, "exclusions": [{"from": "2026-02-12"}]},
        {"id": "x", "start": "2026-02-11", "amount": 1, "exclusions": ["2026-02-12"]},
        {
            "id": "x",
            "start": "2026-02-11",
            "amount": 1,
            "exclusions": [{"from": "2026-02-12", "to": "2026-02-11"}],
        },
        {"id": "x", "start": "2026-02-11", "amount": 1, "extensions": [{"days": 3}]},
        {"id": "x", "start": "2026-02-11", "amount": 1, "extensions": [{"amount": -3}]},
        {"id": "x", "start": "9999-12-31", "amount": 1, "unit": "calendar_day"},
        {"id": "x", "start": "9999-06-01", "amount": 9000, "unit": "year"},
        {"id": "x", "start": "9999-12-31T23:00:00-08:00", "amount": 1},
        {"id": "x", "start": "0001-01-01T00:00:00+14:00", "amount": 1},
        {"id": "x", "start": "0001-01-01T00:00:00+14:00", "amount": 1, "unit": "hour"},
        {"id": "x", "start": "9999-12-31", "amount": 1, "unit": "hour"},
        {"id": "x", "start": "0001-01-01", "amount": 1, "unit": "working_hour", "first_day": "same"},
    ],
)
def test_a_bad_line_gets_an_error_and_the_rest_goes_on(line):
    bad, good = batch(line, {"id": "good", "start": "2026-02-11", "amount": 5})
    assert bad["error"]
    assert "due" not in bad
    assert good == {"id": "good", "due": "2026-02-25"}


def test_an_id_may_be_anything_that_json_can_say():
    for key in ("\ud800", "雪", 1.5, {"a": 1}, [1], False, ""):
        (answer,) = batch({"id": key, "start": "2026-02-11", "amount": 5})
        assert answer == {"id": key, "due": "2026-02-25"}


def test_batch_answers_as_soon_as_lines_arrive():
    read_end, write_end = os.pipe()
    out_read, out_write = os.pipe()
    with (
        os.fdopen(write_end, "w") as given,
        os.fdopen(read_end) as stdin,
        os.fdopen(out_read) as answers,
        os.fdopen(out_write, "w") as stdout,
    ):
        worker = threading.Thread(target=commands.batch, args=(stdin, stdout, packaged_calendar()))
        worker.start()
        given.write('{"start": "2026-02-11", "amount": 5}\n')
        given.flush()
        assert json.loads(answers.readline()) == {"due": "2026-02-25"}
        given.write('{"start": "2026-02-11", "amount": 20}')
        given.close()
        assert json.loads(answers.readline()) == {"due": "2026-03-17"}
        worker.join()


def test_without_a_store_the_packaged_calendar_answers(monkeypatch):
    def no_store():
        raise OperationalError("no such table")

    monkeypatch.setattr(commands, "current_calendar", no_store)
    out = io.StringIO()
    assert commands.deadline(["2026-02-11", "5", "--json"], io.StringIO(), out, AT) == 0
    assert json.loads(out.getvalue())["due"] == date(2026, 2, 25).isoformat()


def test_the_measurement_compares_with_the_scalar_rule():
    measured = bench(20_000)
    assert measured["differences"] == 0
    assert measured["compared"] == 20_000
