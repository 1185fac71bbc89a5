"""What managers, supervisors and the public look at: the same sums as the cubes, in scope, printable and taken along."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from yimen.kernel.actor import Actor, Scope
from yimen.kernel.clock import travel_to
from yimen.modules.cases.tests.factories import AT, brought_to, handed_in, make_account
from yimen.modules.insight.permissions import READ
from yimen.modules.insight.rules.disclosure import hidden, public_rows
from yimen.modules.insight.rules.ratios import Line
from yimen.modules.insight.rules.sentences import compared
from yimen.modules.insight.tests.factories import deliver, deliveries
from yimen.modules.items.tests.factories import make_organisation, make_standard

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=20)
HOME = "/console/figures/"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with travel_to(LATER):
        yield


@pytest.fixture
def cases() -> None:
    brought_to("delivered")
    other = make_standard(organisation=make_organisation("other-org"))
    for day in range(6):
        handed_in(items=[other.code], at=AT + timedelta(days=day))
    for delivery in deliveries():
        deliver(delivery)


def look(path: str, scope: Scope | None, monkeypatch: pytest.MonkeyPatch) -> Any:
    account = make_account(kind="staff")
    actor = Actor(account_id=account.pk, name="钱督查", grants={READ: (scope,)} if scope else {})
    monkeypatch.setattr("yimen.foundation.identity.middleware.actor_of", lambda *_, **__: actor)
    client = Client()
    if scope:
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(path)


@pytest.mark.parametrize("view", ["", "time", "pressure", "effort", "nonsense"])
def test_every_view_opens_with_and_without_cases(
    cases: None, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    answer = look(f"{HOME}?view={view}", Scope(), monkeypatch)
    assert answer.status_code == 200
    assert look(f"{HOME}?view={view}&from=2020-01-01&to=2020-02-01", Scope(), monkeypatch).status_code == 200


def test_a_department_head_sees_the_own_organisation_only(
    cases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = look(HOME, Scope(organisation_id=make_organisation().pk), monkeypatch)
    assert own.context["whole"].received == 1
    assert look(HOME, Scope(division="449901"), monkeypatch).context["whole"].received == 7


def test_one_drills_from_division_to_organisation_to_item_to_the_cases(
    cases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = look(HOME, Scope(), monkeypatch).context["places"]
    assert top.cut == "organisation" and [line.received for line in top.lines] == [6, 1]
    items = look(HOME + top.lines[0].href, Scope(), monkeypatch).context["places"]
    assert items.cut == "item" and items.lines[0].received == 6
    channels = look(HOME + items.lines[0].href, Scope(), monkeypatch).context["places"]
    assert channels.cut == "channel"
    assert channels.lines[0].href.startswith("/console/cases/?") and "item=TEST-" in channels.lines[0].href


@pytest.mark.parametrize(
    "query",
    ["from=x", "from=2026-02-30", "from=2026-03-09&to=2026-03-01", "from=0001-01-01", "division=abc",
     "division=99", "organisation=nobody", "centre=%00", "item=%00%00", "channel=x", "to=9999-12-31",
     "organisation=" + "x" * 300, "division=" + "4" * 40],
)  # fmt: skip
def test_an_address_that_means_nothing_still_shows_something(
    cases: None, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    assert look(f"{HOME}?{query}", Scope(), monkeypatch).status_code == 200
    assert look(f"{HOME}export.csv?{query}", Scope(), monkeypatch).status_code == 200


def test_what_is_seen_can_be_taken_along(cases: None, monkeypatch: pytest.MonkeyPatch) -> None:
    text = look(f"{HOME}export.csv", Scope(), monkeypatch).content.decode("utf-8-sig").splitlines()
    assert text[1].startswith("部门,收件,受理") and text[-1].startswith("合计,7,1")
    book = load_workbook(io.BytesIO(look(f"{HOME}export.xlsx", Scope(), monkeypatch).content))
    assert book.sheetnames == ["按部门", "按周"]
    assert [row[1].value for row in list(book["按部门"].rows)[2:]] == [6, 1, 7]
    assert look(f"{HOME}export.exe", Scope(), monkeypatch).status_code == 404


def test_no_view_costs_more_for_more_cases(cases: None, monkeypatch: pytest.MonkeyPatch) -> None:
    look(HOME, Scope(), monkeypatch)
    with CaptureQueriesContext(connection) as few:
        look(HOME, Scope(), monkeypatch)
    code = make_standard(organisation=make_organisation("other-org")).code
    for _ in range(5):
        handed_in(items=[code])
    for delivery in deliveries():
        deliver(delivery)
    with CaptureQueriesContext(connection) as more:
        look(HOME, Scope(), monkeypatch)
    assert len(more) == len(few)
    assert not any('FROM "cases_case"' in q["sql"] for q in more.captured_queries)


@pytest.mark.parametrize("kind", ["week", "year"])
def test_the_report_says_on_the_page_in_word_and_on_paper_what_the_cubes_hold(
    cases: None, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    query = f"?kind={kind}&on=2026-03-04"
    page = look(f"{HOME}report/{query}", Scope(), monkeypatch)
    assert "共收件7件" in page.content.decode()
    from docx import Document
    from pypdf import PdfReader

    word = Document(io.BytesIO(look(f"{HOME}report/file.docx{query}", Scope(), monkeypatch).content))
    said = "\n".join(p.text for p in word.paragraphs)
    assert "共收件7件" in said and "按时率" in "".join(c.text for t in word.tables for c in t.rows[0].cells)
    pdf = PdfReader(io.BytesIO(look(f"{HOME}report/file.pdf{query}", Scope(), monkeypatch).content))
    assert "共收件7件" in "".join(p.extract_text() for p in pdf.pages).replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("query", ["kind=x", "on=x", "on=2031-01-01", "on=%00", "kind=year&on=0001-01-01"])
def test_a_report_of_no_period_falls_back_to_the_last_one(
    monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    assert look(f"{HOME}report/?{query}", Scope(), monkeypatch).status_code == 200


def test_nobody_without_the_grant_sees_the_dashboards(monkeypatch: pytest.MonkeyPatch) -> None:
    assert look(HOME, None, monkeypatch).status_code == 302


def test_the_public_sees_sums_and_not_the_small_ones(cases: None) -> None:
    body = Client().get("/figures/").content.decode()
    assert "不显示" in body and "让人认出是谁" in body


def test_the_board_shows_no_small_count_and_renews_itself(cases: None) -> None:
    whole = Client().get("/board/").content.decode()
    assert 'hx-trigger="every 60s"' in whole
    part = Client().get("/board/?centre=nowhere", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "本月收到申请" in part
    assert Client().get("/board/?centre=%00").status_code == 200


def test_a_count_kept_back_cannot_be_reckoned_from_the_others() -> None:
    assert hidden([100, 3, 40], 5) == {1, 2}
    assert hidden([100, 3, 2], 5) == {1, 2}
    assert hidden([100, 0, 40], 5) == set()
    rows = [{"received": 100, "granted": 50}, {"received": 3, "granted": 1}, {"received": 40, "granted": 20}]
    told = public_rows(rows, 5, ("received", "granted"))
    assert told[0] == {"received": 100, "granted": 50}
    assert told[1] == told[2] == {"received": None, "granted": None}


def test_sentences_compare_without_dividing_by_nothing() -> None:
    assert compared(5, 0, "上周") == "上周没有"
    assert compared(0, 0, "上周") == "与上周一样没有"
    assert compared(5, 5, "上周") == "与上周持平"
    assert compared(15, 10, "上周") == "比上周多5件（增加50.0%）"
    assert Line("x").on_time is None
