"""A case as part of one thing: companions, waiting, one notice, what the lead does for all, what ending does to others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yimen.modules.cases.tests.factories import AT, brought_to, make_centre, resident
from yimen.modules.items.tests.factories import make_organisation
from yimen.modules.themes import api as themes
from yimen.modules.themes.tests.factories import make_theme, published_items, theme_content
from yimen.portals.desk.tests.factories import clerk_client, office_client
from yimen.portals.desk.tests.joint import Thing

pytestmark = pytest.mark.django_db


def test_companions_are_shown_and_only_ones_own_case_can_be_opened() -> None:
    thing = Thing("甲", "乙", "丙", order=[(0, 2, "ask")])
    shown = thing.page(1).context["thing"]
    assert [row.case.item.name for row in shown.rows] == ["甲许可", "乙许可", "丙许可"]
    assert [row.openable for row in shown.rows] == [False, True, False]
    assert shown.rows[2].waits == ("甲许可",)
    assert (shown.waits_for, shown.waited_by) == ((), ())
    assert thing.page(0).context["thing"].waited_by == ("丙许可",)
    page = thing.page(2).content.decode()
    assert "本件等“甲许可”办结后开始" in page and "等前一事项" in page
    assert f"/desk/cases/{thing.case(0).number}/" not in page
    assert all(row.openable for row in _clerk_page(thing).context["thing"].rows), (
        "the window took all of them in"
    )
    case, _ = brought_to("submitted")
    assert office_client().get(f"/desk/cases/{case.number}/").context["thing"] is None


def _clerk_page(thing: Thing):  # type: ignore[no-untyped-def]
    return clerk_client(make_centre()).get(f"/desk/cases/{thing.case(0).number}/")


def test_a_correction_is_only_put_forward_and_says_so() -> None:
    thing = Thing("甲", "乙")
    form = thing.page(1, act="request_correction")
    assert "先汇总" in form.content.decode() and form.context["act"]["label"] == "提出补正意见"
    answer = thing.act(1, "request_correction", missing=["paper"], **{"reason-paper": "看不清"})
    page = answer.content.decode()
    assert "补正意见已记下" in page and "待汇总后一次告知" in page and "待汇总告知" in page
    assert "打印文书" not in page
    assert thing.states == ["submitted", "submitted"]
    own = thing.page(1).context["thing"].own
    assert own.lines == [{"name": "共用材料", "reason": "看不清"}]
    assert "看不清" not in thing.page(0, act="accept").context["thing"].rows[1].case.item.name
    assert "提出补正意见，待汇总" in thing.page(1, view="course").content.decode()
    assert "待汇总告知" in thing.office(1).get("/desk/cases/?tab=to_accept").content.decode()


def test_the_lead_tells_now_what_is_listed_and_nobody_else_may() -> None:
    thing = Thing("甲", "乙", "丙")
    thing.act(1, "request_correction", missing=["paper"], **{"reason-paper": "看不清"})
    assert [found.case.number for found in thing.page(0).context["thing"].tellable] == [thing.case(1).number]
    assert thing.page(1).context["thing"].tellable == []
    post = {"included": [thing.case(1).number]}
    url = "/desk/cases/{}/together/tell/"
    refused = thing.office(1).post(url.format(thing.case(1).number), post)
    assert refused.status_code == 403 and thing.states[1] == "submitted"
    thing.act(2, "request_correction", missing=["own"], **{"reason-own": "缺签名"})
    changed = thing.office(0).post(url.format(thing.case(0).number), post, follow=True)
    assert "情况刚刚有变化" in changed.content.decode() and thing.states[1] == "submitted"
    post = {"included": [thing.case(1).number, thing.case(2).number]}
    done = thing.office(0).post(url.format(thing.case(0).number), post, follow=True)
    assert "2 件的补正内容一次告知" in done.content.decode()
    assert thing.states == ["submitted", "correction_requested", "correction_requested"]
    first = thing.page(1, view="course").content.decode()
    second = thing.page(2, view="course").content.decode()
    assert first.count("/papers/") == 1 and second.count("/papers/") == 0, "one paper for both"


def test_the_lead_accepts_for_all_but_what_is_to_be_corrected() -> None:
    thing = Thing("甲", "乙", "丙", "丁", order=[(0, 3, "ask")])
    thing.act(2, "request_correction", missing=["own"], **{"reason-own": "缺签名"})
    listed = thing.page(0).context["thing"].included("accept")
    assert listed == [thing.case(0).number, thing.case(1).number]
    url = "/desk/cases/{}/together/accept/"
    assert thing.office(1).post(url.format(thing.case(1).number), {"included": listed}).status_code == 403
    done = thing.office(0).post(url.format(thing.case(0).number), {"included": listed}, follow=True)
    assert "已统一受理 2 件" in done.content.decode()
    assert thing.states == ["accepted", "accepted", "correction_requested", "waiting"]


def test_those_who_are_no_part_of_it_find_nothing() -> None:
    thing = Thing("甲", "乙")
    number = thing.case(0).number
    strangers = (
        office_client(organisation=make_organisation("not-in-it"), username="stranger"),
        clerk_client(make_centre("other-centre"), "elsewhere"),
        thing.office(1),
    )
    for client in strangers:
        for name in ("accept", "tell"):
            answer = client.post(f"/desk/cases/{number}/together/{name}/", {"included": [number]})
            assert answer.status_code == 404
    assert thing.office(0).post(f"/desk/cases/{number}/together/nix/").status_code == 404
    case, _ = brought_to("submitted")
    assert office_client().post(f"/desk/cases/{case.number}/together/accept/").status_code == 404
    assert thing.states == ["submitted", "submitted"]


@pytest.mark.parametrize(
    ("act", "role", "before"),
    [
        ("decide", "department_head", "accept"),
        ("refuse_acceptance", "reviewer", ""),
        ("terminate", "department_head", "accept"),
    ],
)
def test_what_an_end_does_to_the_others_is_said_before(act: str, role: str, before: str) -> None:
    thing = Thing("甲", "乙", "丙", order=[(0, 1, "terminate"), (0, 2, "ask")])
    if before:
        thing.act(0, before)
    page = thing.page(0, role, act=act)
    assert page.context["opened"] == act
    assert page.context["effects"] == [
        "“乙许可”以它为前提，会一并终止办理。",
        "“丙许可”要用它的结果，“共用材料”会改由申请人提供。",
    ]
    assert "一起办的其他事项" in page.content.decode()


def test_the_panel_costs_the_same_for_three_cases_and_for_eight() -> None:
    def cost(thing: Thing) -> int:
        """The fewest of three: what is kept in memory for a moment may be read anew in between."""
        counted = []
        for _ in range(3):
            with CaptureQueriesContext(connection) as captured:
                assert thing.page(0).status_code == 200
            counted.append(len(captured))
        return min(counted)

    few = cost(Thing("甲", "乙", "丙", order=[(0, 1, "ask")]))
    many = Thing("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", order=[(0, n, "ask") for n in range(1, 8)])
    many.clients[0, "reviewer"] = office_client("reviewer", make_organisation("joint-甲"), "another")
    assert cost(many) == few


def test_lists_name_the_thing_and_agree_with_their_counts() -> None:
    licence, permit, notice = published_items()
    code = make_theme(theme_content(licence, permit, notice))
    client = office_client()

    def hand_in() -> None:
        themes.hand_in_theme(themes.ThemeHandIn(theme=code), resident(), AT)

    hand_in()
    for tab, expected in (("open", 3), ("to_accept", 2), ("waiting", 1)):
        found = client.get("/desk/cases/", {"tab": tab}).context["found"]
        assert found.counts[tab] == found.page.count == expected
        assert {row.thing for row in found.page.results} == {"开店一件事"}
    [row] = client.get("/desk/cases/?tab=waiting").context["found"].page.results
    assert row.left.waits == "等前一事项"

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/desk/cases/").content.decode()
        assert "开店一件事" in page
        return len(captured)

    one = cost()
    hand_in()
    hand_in()
    assert cost() == one
