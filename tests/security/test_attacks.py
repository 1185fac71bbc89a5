"""What is planted by one is read by another, what is asked too fast, what is written into logs and tables."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.district import AT, STREET, District
from yimen.foundation.identity.models import Account
from yimen.foundation.notices import api as notices
from yimen.kernel.pacing import Buckets, Pace
from yimen.kernel.spreadsheets import neutral
from yimen.modules.cases.models import Application, Case
from yimen.site import logs, pacing

PLANTED = "\"'><img src=x onerror=alert(1)></textarea></script><svg onload=alert(2)>{{7*7}}"
ALIVE = re.compile(r"<img src=x|<svg onload|</textarea></script>|&amp;lt;")


def test_what_is_planted_in_free_texts_is_only_shown(district: District) -> None:
    """Form, notes, reasons, names, messages: nothing that one member wrote runs on a page of another."""
    number = district.case("lin", STREET, centre="lanjiang", form={"application_reason": PLANTED})
    application = number.rsplit("-", 1)[0]
    head, clerk = district.caller("cgj-zhang"), district.caller("cgj-shen")
    assert clerk.act(number, "accept", note=PLANTED).status == 200
    clerk.act(number, "pass_step", opinion=PLANTED)
    clerk.act(number, "suspend", procedure=PLANTED, clause=PLANTED, document=PLANTED, days=3)
    head.act(number, "return_step", to="review", reason=PLANTED)
    for username in ("lin", "cgj-shen", "chen"):
        Account.objects.filter(username=username).update(display_name=PLANTED[:60])
    notices.notify(person=district.person("lin"), title=PLANTED, body=PLANTED, at=AT)
    Application.objects.filter(number=application).update(delivery_way="window")
    pages = {
        "lin": ["/my/", f"/my/{application}/", f"/my/cases/{number}/", "/me/", "/me/messages/"],
        "cgj-shen": ["/desk/", "/desk/cases/", f"/desk/cases/{number}/", f"/desk/cases/{number}/ledger/"],
        "cgj-zhang": [f"/desk/cases/{number}/", "/desk/opinions/"],
        "qian": ["/console/cases/", f"/console/cases/{number}/", "/console/time/", "/console/trace/"],
        "shenji": ["/console/trace/", "/console/trace/readings/"],
        "root": ["/console/people/"],
    }
    shown = 0
    for username, addresses in pages.items():
        browser = district.page(username)
        for address in addresses:
            response = browser.get(address)
            text = response.content.decode()
            assert response.status_code == 200, address
            assert not ALIVE.search(text), address
            shown += "img src=x" in text
    full = district.page("cgj-shen").post(f"/desk/cases/{number}/full/", {"purpose": PLANTED})
    assert full.status_code == 200 and not ALIVE.search(full.content.decode())
    assert shown >= 5, "the text must be on pages, or nothing was shown"


@pytest.mark.parametrize("query", ["q", "number", "code", "next", "state", "kind", "page"])
def test_what_an_address_carries_is_only_shown(district: District, query: str) -> None:
    for path in (
        "/items/",
        "/entities/",
        "/progress/",
        "/verify/",
        "/things/",
        "/accounts/login/",
        "/accounts/signup/",
    ):
        response = Client().get(path, {query: PLANTED}, follow=True)
        assert response.status_code < 500 and not ALIVE.search(response.content.decode()), path


def test_fields_that_no_form_has_change_nothing(district: District) -> None:
    """State, number, dates and owners are not taken from a body, however often they are sent."""
    injected = {
        "state": "granted", "number": "1", "person": 1, "person_id": 1, "due_at": "2030-01-01T00:00:00Z", "outcome": "granted",
        "revision": 9, "organisation": "scjgj", "actor": "root", "id": 1, "is_open": False, "account_id": 1, "trace_head": "x",
    }  # fmt: skip
    lin, cgj = district.caller("lin"), district.caller("cgj-shen")
    made = lin.post("/applications", district.application("lin", STREET) | injected)
    assert made.status == 201
    case = Case.objects.select_related("application__person", "organisation").get(
        number=made.body["cases"][0]["number"]
    )
    assert case.state == "submitted" or case.state == "received", case.state
    assert (case.application.person, case.organisation.code) == (district.person("lin"), "cgj")
    done = cgj.act(
        case.number, "accept", **{k: v for k, v in injected.items() if k not in ("revision", "number")}
    )
    assert done.status == 422 and "state" in done.body["fields"]
    assert Case.objects.get(pk=case.pk).state == case.state


def test_a_caller_who_asks_too_fast_is_told_when_to_come_back(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "GUEST_API", Pace(1, 3))
    monkeypatch.setattr(pacing, "GUEST", Pace(1, 3))
    for path in ("/api/v1/items", "/about/"):
        pacing.BUCKETS.forget()
        answers = [Client().get(path) for _ in range(6)]
        assert [a.status_code for a in answers[:3]] == [200] * 3 and answers[5].status_code == 429
        assert int(answers[5]["Retry-After"]) >= 1 and "nosniff" in answers[5]["X-Content-Type-Options"]
    assert Client().get("/health/live").status_code == 200
    assert district.caller("lin").get("/me").status == 200, "others go on"


def test_buckets_fill_again_and_forget_who_was_not_seen_for_longest() -> None:
    buckets, pace = Buckets(remembered=2), Pace(rate=2, burst=2)
    assert [buckets.take("a", pace, 0.0) for _ in range(3)] == [0.0, 0.0, 0.5]
    assert buckets.take("a", pace, 0.5) == 0.0 and buckets.take("a", pace, 0.5) > 0
    buckets.take("b", pace, 1.0), buckets.take("c", pace, 1.0)
    assert buckets.take("a", pace, 1.0) == 0.0, "forgotten, so full again"


@pytest.mark.parametrize(
    "text", ["=1", "＝1", " =1", "\t=1", "-1+1", "+86", "@x", "|x", "%x", "\r\n=cmd|' /C calc'!A0"]
)
def test_a_table_shows_and_does_not_run(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-3", "-3.5", "12", "张三", "甲=乙", "2026-03-02"])
def test_a_table_keeps_what_is_harmless(text: str) -> None:
    assert neutral(text) == text


def test_nobody_writes_lines_of_the_log() -> None:
    facts: dict[str, Any] = {"path": "/a\r\n2026-03-02 [error] forged\x1b[31m", "n": 3, "name": "林晓燕"}
    told = logs.one_line(None, "info", facts)
    assert str(told["path"]).isprintable() and told["n"] == 3 and told["name"] == "林晓燕"


def test_reading_a_person_at_the_window_leaves_a_trace_and_is_paced(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.foundation.trace import api as trace
    from yimen.portals.desk.window import taking

    browser, lin = district.page("chen"), district.person("lin")
    form = {"has": "who", "do": "find:who", "number": lin.id_number}
    browser.get("/desk/window/?new=1")
    before = trace.events_of("reading:person", str(lin.pk)).count()
    pages = [browser.post("/desk/window/", form | {"number": lin.id_number}, follow=True)]
    assert "林*燕" in pages[0].content.decode()
    assert trace.events_of("reading:person", str(lin.pk)).count() == before + 1
    monkeypatch.setattr(taking, "LOOK_UPS", Pace(rate=0.001, burst=2))
    taking.LOOKED_UP.forget()
    for _ in range(3):
        browser.get("/desk/window/?new=1")
        pages.append(browser.post("/desk/window/", form, follow=True))
    assert ["太多" in page.content.decode() for page in pages] == [False, False, False, True]


def test_two_who_read_at_once_both_leave_their_trace(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.foundation.trace import api as trace
    from yimen.foundation.trace import services

    actor, real, stale = district.actor("chen"), services._head_of, []
    trace.record_reading(actor, "case", "race", "一", AT)

    def behind(kind: str, key: str) -> Any:
        if not stale:
            stale.append(1)
            return services.rules.Head()
        return real(kind, key)

    monkeypatch.setattr(services, "_head_of", behind)
    trace.record_reading(actor, "case", "race", "二", AT)
    assert stale and [e.note for e in trace.events_of("reading:case", "race")] == ["一", "二"]
    assert list(trace.verify_chain("reading:case", "race")) == []


def test_a_call_with_a_million_values_is_turned_away_early(district: District) -> None:
    body = b'{"items":[' + b",".join([b"1"] * 100_000) + b"]}"
    for path in ("/applications", "/themes/compile", "/deadlines"):
        answer = district.caller("lin").post(path, body)
        assert answer.status == 422 and "50,000" in answer.body["detail"], (path, answer.body)
