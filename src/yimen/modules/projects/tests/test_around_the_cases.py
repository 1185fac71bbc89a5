"""Pre-review, joint sessions, excluded time, early opinions, two levels of government."""

from datetime import timedelta

import pytest

from yimen.foundation.notices.api import Notice
from yimen.kernel.errors import Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items.content import ItemResult, MaterialRequirement
from yimen.modules.items.tests.factories import make_standard
from yimen.modules.projects import api as projects
from yimen.modules.projects.models import JointSession
from yimen.modules.projects.tests import factories as made

pytestmark = pytest.mark.django_db


def test_a_passed_pre_review_lets_earthworks_begin_and_is_told_in_time() -> None:
    walk = made.Walk()
    with pytest.raises(Invalid, match="承诺"):
        walk.act("request_pre_review", stage="construction")
    walk.act("request_pre_review", stage="construction", promised=True)
    with pytest.raises(NotPossible, match="正在办理"):
        walk.act("request_pre_review", stage="construction", promised=True)
    [review] = projects.stage_named(walk.project, "construction").pre_reviews.all()
    assert review.due_on is not None
    with pytest.raises(NotAllowed, match="牵头部门"):
        walk.act(
            "decide_pre_review",
            made.officer_of("zrzyj"),
            stage="construction",
            outcome="passed",
            opinion="同意",
        )
    walk.later(2)
    lead = made.officer_of("zjj")
    walk.act(
        "decide_pre_review",
        lead,
        stage="construction",
        outcome="passed",
        opinion="同意先行开展",
        missing="施工合同",
    )
    project = walk.project
    assert project.earthworks_at == walk.at
    [clocks] = deadlines.clocks_of("project_pre_review", [f"{walk.code}:{review.pk}"]).values()
    assert [clock.state for clock in clocks] == ["met"]
    with pytest.raises(NotPossible, match="没有预审"):
        walk.act("request_pre_review", stage="site", promised=True)


def test_formal_review_needs_only_what_the_pre_review_did_not_have() -> None:
    walk = made.Walk()
    digest = made.store_page(walk.owner, walk.at)
    materials = [{"item": "fire-review", "requirement": "m1", "file": digest}]
    walk.act("request_pre_review", stage="construction", promised=True, materials=materials)
    walk.act(
        "decide_pre_review",
        made.officer_of("zjj"),
        stage="construction",
        outcome="passed",
        opinion="同意预审",
    )
    for stage in ("site", "project"):
        walk.start(stage)
        walk.run(stage)
    walk.start("construction")
    fire = walk.cases_of("construction")["fire-review"]
    assert [(m.name, m.source) for m in fire.materials.all()] == [("消防设计文件", "file")]


def test_a_joint_session_is_told_once() -> None:
    walk = made.Walk()
    walk.start("site")
    lead = made.officer_of("zrzyj")
    when = (walk.at + timedelta(days=2)).isoformat()
    call = {
        "stage": "site",
        "kind": "site_inspection",
        "held_at": when,
        "place": "现场",
        "organisations": ["zrzyj", "fgj"],
    }
    with pytest.raises(NotAllowed):
        walk.act("call_session", made.officer_of("fgj"), **call)
    with pytest.raises(Invalid, match="不是这一阶段的部门"):
        walk.act("call_session", lead, **{**call, "organisations": ["xfj"]})
    walk.act("call_session", lead, **call)
    key = JointSession.objects.get().pk
    finding = {"session": key, "officers": "甲、乙", "agrees": True, "text": "没有不同意见"}
    walk.act("give_finding", made.officer_of("zrzyj"), **finding)
    with pytest.raises(NotPossible, match="已经提过"):
        walk.act("give_finding", made.officer_of("zrzyj"), **finding)
    opinion = {"session": key, "outcome": "passed", "opinion": "各部门没有不同意见，同意。"}
    with pytest.raises(NotPossible, match="还没有提意见"):
        walk.act("tell_opinion", lead, **opinion)
    walk.act("give_finding", made.officer_of("fgj"), **{**finding, "agrees": False, "text": "红线与备案不符"})
    with pytest.raises(NotPossible, match="整改意见"):
        walk.act("tell_opinion", lead, **opinion)
    walk.act("tell_opinion", lead, **{**opinion, "outcome": "rectify"})
    with pytest.raises(NotPossible, match="一次性告知") as refused:
        walk.act("tell_opinion", lead, **opinion)
    assert refused.value.clause == "行政许可法第三十二条第一款第（四）项"
    with pytest.raises(NotPossible, match="一次性告知"):
        walk.act("give_finding", made.officer_of("fgj"), **finding)
    walk.act("call_session", lead, **call)
    [told] = Notice.objects.filter(kind="project_opinion")
    assert "同意" in told.body
    assert told.link == f"/projects/{walk.code}/"
    assert walk.code not in told.title


def test_the_time_of_a_public_notice_stands_outside_with_its_paper() -> None:
    walk = made.Walk()
    walk.start("site")
    walk.run("site")
    walk.start("project")
    office = made.officer_of("zrzyj")
    begin = {"stage": "project", "kind": "public_notice", "document": "公示1号", "days": 7}
    with pytest.raises(NotPossible, match="没有正在审查"):
        walk.act("begin_procedure", office, **begin)
    works = walk.cases_of("project")["works-permit"]
    cases.act(works.number, "accept", {}, office, walk.later(1))
    with pytest.raises(Invalid, match="文书编号"):
        walk.act("begin_procedure", office, **{**begin, "document": " "})
    with pytest.raises(NotFound):
        walk.act("begin_procedure", made.officer_of("sthjj"), **{**begin, "cases": [works.number]})
    walk.act("begin_procedure", office, **begin)
    assert cases.Case.objects.get(pk=works.pk).state == "suspended"
    [procedure] = projects.stage_named(walk.project, "project").procedures.all()
    walk.later(7)
    walk.act("end_procedure", office, procedure=procedure.pk, result="没有异议")
    assert cases.Case.objects.get(pk=works.pk).state == "accepted"
    with pytest.raises(NotPossible, match="已经结束"):
        walk.act("end_procedure", office, procedure=procedure.pk, result="没有异议")


def test_a_held_case_is_looked_at_early_and_decided_with_the_earlier_result() -> None:
    walk = made.Walk()
    walk.start("site")
    land = walk.cases_of("site")["land-permit"]
    office = made.officer_of("zrzyj")
    check = {"item": "land-permit", "ready": True, "text": "红线图已核对"}
    with pytest.raises(NotAllowed):
        walk.act("pre_check", made.officer_of("fgj"), **check)
    walk.act("pre_check", office, **check)
    with pytest.raises(NotPossible, match="没有您能办的步骤"):
        walk.act("decide_together", office, item="land-permit")
    walk.grant(walk.cases_of("site")["filing"])
    walk.act("decide_together", office, item="land-permit")
    land = cases.Case.objects.get(pk=land.pk)
    assert (land.state, land.outcome, land.accepted_at, land.decided_at) == (
        "granted",
        "granted",
        walk.at,
        walk.at,
    )
    assert projects.stage_named(walk.project, "site").state == "passed"


def test_an_item_of_the_city_is_taken_here_and_handled_there() -> None:
    made.make_items()
    city = made.make_city_organisation()
    make_standard(
        "city-eia", organisation=city, name="市级环评", audience=("enterprise",), results=(ItemResult(name="市环评批复", sample="s.pdf"),),
        materials=(MaterialRequirement(code="m1", name="环评文件", originals=1),),
    )  # fmt: skip
    content = made.plan_content().model_dump(mode="json")
    content["stages"][1]["items"][0] = {"item": "city-eia", "when": "pollutes"}
    projects.publish_plan(
        "test", projects.StagePlanContent.model_validate(content), made.AT.date(), made.PLATFORM, made.AT
    )
    walk = made.Walk(published=True)
    walk.start("site")
    walk.run("site")
    mayor = made.officer_of("city-sthj", division=made.CITY)
    text = {"item": "city-eia", "ready": True, "text": "本级没有不同意见"}
    with pytest.raises(NotPossible, match="本级部门"):
        walk.act("first_opinion", made.officer_of("zrzyj"), **{**text, "item": "works-permit"})
    walk.act("first_opinion", made.officer_of("zrzyj"), **text)
    walk.start("project")
    case = walk.cases_of("project")["city-eia"]
    assert (case.organisation.code, case.division) == ("city-sthj", made.CITY)
    seen = projects.project_with_code(walk.code, mayor)
    [opinion] = [
        one for row in projects.stage_named(seen, "project").items.all() for one in row.opinions.all()
    ]
    assert (opinion.kind, opinion.organisation.code) == ("first", "zrzyj")
    walk.run("project")
    assert projects.stage_named(walk.project, "project").state == "passed"
    with pytest.raises(NotFound):
        projects.project_with_code(walk.code, made.officer_of("other-city", division="449800000000"))
