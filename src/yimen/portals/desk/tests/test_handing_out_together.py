"""Results that the applicant takes all at once: nothing before all is decided, then all in one go, or none."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import make_centre
from yimen.portals.desk.tests.factories import clerk_client
from yimen.portals.desk.tests.joint import Thing

pytestmark = pytest.mark.django_db
URL = "/desk/handout/"


def _lines(client: Client, q: str = "") -> list:
    return client.get(URL, {"q": q}).context["page"].results


def _post(thing: Thing, **more: object) -> dict[str, object]:
    included = [f"{thing.case(n).number}:{thing.case(n).revision}" for n in range(len(thing.names))]
    return {"together": thing.number, "included": included, "way": "window", "receiver": "林晓燕", **more}


def test_nothing_is_handed_out_before_all_is_decided() -> None:
    clerk, thing = clerk_client(make_centre()), Thing("甲", "乙", together=True)
    thing.grant(0)
    [line] = _lines(clerk)
    assert (line.together, line.may, line.undecided) == (True, False, 1)
    assert "一起送达" not in clerk.get(URL).content.decode()
    refused = clerk.post(URL, _post(thing))
    assert "还有1件没有作出决定" in refused.context["said"]
    single = {
        "case": thing.case(0).number,
        "revision": thing.case(0).revision,
        "way": "window",
        "receiver": "林",
    }
    assert "还有1件没有作出决定" in clerk.post(URL, single).context["said"]
    assert thing.states == ["granted", "submitted"]


def test_all_results_go_out_in_one_form_with_their_papers() -> None:
    clerk, thing = clerk_client(make_centre()), Thing("甲", "乙", together=True)
    thing.grant(0)
    thing.grant(1)
    [line] = _lines(clerk, thing.number)
    assert [case.number for case in line.ready] == [thing.case(0).number, thing.case(1).number]
    refused = clerk.post(URL, _post(thing, receiver=""))
    assert refused.context["errors"] == {"receiver": "请写明谁领取的。"} and thing.states == [
        "granted",
        "granted",
    ]
    done = clerk.post(URL, _post(thing))
    assert thing.states == ["delivered", "delivered"]
    page = clerk.get(done["Location"])
    papers = [page.context["printed"], *page.context["printed_too"]]
    assert {(paper.kind, paper.case_id) for paper in papers} == {
        ("delivery", thing.case(0).pk), ("delivery", thing.case(1).pk)
    }  # fmt: skip
    assert _lines(clerk) == []


def test_one_refused_keeps_all_back_and_is_told_by_name() -> None:
    clerk, thing = clerk_client(make_centre()), Thing("甲", "乙", together=True)
    thing.grant(0)
    thing.grant(1)
    stale = _post(thing)
    cases.Case.objects.filter(pk=thing.case(1).pk).update(revision=thing.case(1).revision + 1)
    answer = clerk.post(URL, stale)
    assert "都没有送达" in answer.context["said"] and "“乙许可”" in answer.context["said"]
    assert "“甲许可”" not in answer.context["said"]
    assert thing.states == ["granted", "granted"]
    assert 'value="林晓燕"' in answer.content.decode()


def test_a_department_hands_over_its_own_and_sees_what_others_do() -> None:
    thing = Thing("甲", "乙", together=True)
    thing.grant(0)
    thing.grant(1)
    [line] = _lines(thing.office(0))
    assert [case.number for case in line.ready] == [thing.case(0).number]
    assert [case.organisation.code for case in line.elsewhere] == ["joint-乙"]
    refused = thing.office(0).post(URL, _post(thing))
    assert "有变化" in refused.context["said"] and thing.states == ["granted", "granted"]


def test_others_find_nothing_to_hand_out() -> None:
    thing = Thing("甲", "乙", together=True)
    thing.grant(0)
    thing.grant(1)
    other = clerk_client(make_centre("other-centre"), "elsewhere")
    assert _lines(other, thing.number) == []
    assert "没有找到" in other.post(URL, _post(thing)).context["said"]
    for odd in (
        {"included": ["\x00:1", "x", ":"]},
        {"together": "\x00"},
        {"together": "9" * 400},
        {"included": []},
    ):
        assert other.post(URL, _post(thing, **odd)).status_code == 200
    assert thing.states == ["granted", "granted"]


def test_lines_cost_the_same_however_many_go_out_together() -> None:
    clerk = clerk_client(make_centre())

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert clerk.get(URL).status_code == 200
        return len(captured)

    for names in (("甲", "乙"), ("丙", "丁", "戊"), ("己", "庚")):
        thing = Thing(*names, together=True)
        for n in range(len(names)):
            thing.grant(n)
        if names[0] == "甲":
            clerk.get(URL)
            one = cost()
    page = clerk.get(URL).context["page"]
    assert page.count == len(page.results) == 3
    assert cost() == one
