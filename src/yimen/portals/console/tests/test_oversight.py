"""What a supervisor sees: counts equal lists, filters keep to the scope, exports carry what is seen."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from yimen.foundation.calendar.api import forget_calendars
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import travel_to
from yimen.kernel.spreadsheets import neutral
from yimen.modules.cases.tests.factories import AT, brought_to, handed_in, only_case, resident
from yimen.portals.console import oversight
from yimen.portals.console.columns import COOKIE
from yimen.portals.console.tests.factories import member, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.portals.console.tests.urls")]
LATER = AT + timedelta(days=40)


def supervisor(at):
    from yimen.foundation.identity.api import actor_of

    return actor_of(member("qian"), at)


def district():
    return [
        brought_to(state)[0]
        for state in ("submitted", "accepted", "delivered", "correction_requested", "suspended")
    ]


@pytest.mark.parametrize("at", [AT + timedelta(days=3), AT + timedelta(days=6), LATER])
def test_each_count_of_the_start_page_equals_its_list(at):
    district()
    actor = supervisor(at)
    found = oversight.figures(actor, at)
    for field, wanted in {
        "overdue": {"time": "overdue"},
        "soon": {"time": "soon"},
        "open": {"state": "open"},
        "correcting": {"state": "correction_requested"},
        "suspended": {"state": "suspended"},
    }.items():
        listed = oversight.cases_seen(actor, at, oversight.filters_of(wanted)).count()
        assert getattr(found, field) == listed, field
    assert found.open == 4
    assert sum(row["open"] for row in oversight.by_organisation(actor, at)) == 4


def test_the_start_page_leads_to_lists_with_the_same_total():
    district()
    client = signed_in("qian")
    with travel_to(LATER):
        home = client.get("/console/")
        tile = home.context["tiles"][0]
        assert tile.value > 0 and client.get(tile.href).context["page"].count == tile.value


def test_filters_leave_what_they_say():
    case = district()[0]
    actor = supervisor(LATER)

    def count(**values):
        return oversight.cases_seen(actor, LATER, oversight.filters_of(values)).count()

    assert count() == 5 and count(state="closed") == 1
    assert count(q=case.number) == 1 and count(q="999") == 0
    assert count(item="测试") == 5 and count(item="没有这个词") == 0
    assert count(channel="online") == 5 and count(channel="window") == 0
    assert count(**{"from": "2026-03-02", "to": "2026-03-02"}) == 5 and count(to="2026-03-01") == 0
    assert count(organisation=case.organisation.code) == 5 and count(organisation="other") == 0


def test_drafts_and_other_districts_are_never_listed():
    handed_in(draft=True)
    from yimen.foundation.orgs.models import Division

    elsewhere = Division.objects.create(code="990000000000", name="别处", level=1)
    district()
    client = signed_in("qian", division=elsewhere)
    assert client.get("/console/cases/").context["page"].count == 0


def test_the_list_costs_the_same_for_one_and_for_many():
    client = signed_in("qian")

    def statements(address):
        forget_calendars()  # asked for once a page, whenever the last page was
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    brought_to("accepted")
    for address in ("/console/cases/", "/console/", "/console/time/", "/console/trace/"):
        statements(address)
    before = {a: statements(a) for a in ("/console/cases/", "/console/", "/console/time/", "/console/trace/")}
    for _ in range(6):
        brought_to("in_review")
    for address, few in before.items():
        assert statements(address) <= few, address


def test_chosen_columns_are_remembered_and_exported():
    case, _ = brought_to("accepted")
    client = signed_in("qian")
    answer = client.post(
        "/console/cases/columns/", {"columns": ["item", "applicant", "<b>"], "query": "state=open"}
    )
    assert answer["Location"] == "/console/cases/?state=open"
    assert client.cookies[COOKIE].value == "number-item-applicant"
    rows = list(
        csv.reader(io.StringIO(client.get("/console/cases/export.csv").getvalue().decode("utf-8-sig")))
    )
    assert rows[0] == ["办件编号", "事项", "申请人"]
    assert rows[1][0] == case.number and rows[1][2] == "林*燕"
    sheet = load_workbook(io.BytesIO(client.get("/console/cases/export.xlsx").getvalue())).active
    assert [cell.value for cell in sheet[1]] == rows[0] and sheet.max_row == 2


def test_an_export_carries_exactly_the_filtered_rows_and_leaves_a_trace():
    district()
    client = signed_in("qian")
    body = client.get("/console/cases/export.csv?state=suspended").getvalue().decode()
    assert len(body.splitlines()) == 2
    event = trace.recent_events("reading:export").get()
    assert "导出办件清单1条" in event.note


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\r=1"])
def test_formulas_are_neutralised(text):
    assert neutral(text) == f"'{text}"


def test_plain_text_and_numbers_stay():
    assert neutral("-3") == "-3" and neutral("粤海市=好") == "粤海市=好" and neutral("") == ""


def test_sorting_puts_cases_without_due_day_last():
    district()
    actor = supervisor(LATER)
    rows = oversight.cases_seen(actor, LATER, oversight.Filters())
    due = [case.due_at for case in oversight.sorted_cases(rows, "due")]
    known = [d for d in due if d]
    assert known == sorted(known) and due[: len(known)] == known
    back = [c.due_at for c in oversight.sorted_cases(rows, "-due")]
    assert back[: len(known)] == sorted(known, reverse=True)


def test_the_name_of_a_resident_is_masked():
    only_case(handed_in(resident("林晓燕")))
    text = signed_in("qian").get("/console/trace/").text
    assert "林晓燕" not in text and "林*燕" in text


@pytest.mark.parametrize("sort", ["due", "-due"])
def test_a_list_read_in_two_parts_is_the_list_sorted_as_a_whole(sort):
    district()
    actor = supervisor(LATER)
    rows = oversight.cases_seen(actor, LATER, oversight.Filters())
    whole = [case.pk for case in oversight.sorted_cases(rows, sort)]
    assert len(whole) == 5
    for size in (1, 2, 3, 5, 50):
        pages = -(-len(whole) // size)
        turned = [oversight.page_of_cases(rows, sort, {"page": str(n)}, size) for n in range(1, pages + 1)]
        assert [case.pk for page in turned for case in page.results] == whole, size
        assert {page.count for page in turned} == {5}


def test_a_list_too_long_to_count_says_more_than_so_many(monkeypatch):
    district()
    monkeypatch.setattr("yimen.kernel.lists.MOST_COUNTED", 3)
    with travel_to(LATER), CaptureQueriesContext(connection) as asked:
        text = signed_in("qian").get("/console/cases/").content.decode()
    assert "多于 <strong>3</strong> 件" in text and "多于 3 条" in text
    assert any("LIMIT 4" in query["sql"] for query in asked.captured_queries)
