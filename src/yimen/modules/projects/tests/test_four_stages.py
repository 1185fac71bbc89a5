"""A project runs all four stages in both tracks, and its chart's sums equal the ledgers of its cases."""

import pytest

from yimen.foundation.trace import api as trace
from yimen.kernel.errors import NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.projects import api as projects
from yimen.modules.projects.tests.factories import AT, Walk, officer_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("track", ["parallel", "serial"])
def test_a_project_runs_all_four_stages(track: str) -> None:
    walk = Walk(track)
    walk.all_stages()
    project = walk.project
    assert project.state == "finished"
    assert [stage.state for stage in project.stages.all()] == ["passed"] * 4
    chart = projects.chart_of(project, walk.at)
    assert project.spent_days is not None
    assert 0 < chart.used <= chart.one_by_one
    assert chart.used == project.spent_days
    assert not list(trace.verify_chain("project", project.code))


@pytest.mark.parametrize("track", ["parallel", "serial"])
def test_the_sums_of_the_chart_equal_the_ledgers(track: str) -> None:
    walk = Walk(track)
    walk.start("site")
    walk.run("site")
    walk.start("project")
    works = walk.cases_of("project")["works-permit"]
    office = officer_of("zrzyj")
    if works.state == "waiting":
        walk.grant(walk.cases_of("project")["eia-review"])
        works = walk.cases_of("project")["works-permit"]
    cases.act(works.number, "accept", {}, office, walk.later(1))
    walk.act(
        "begin_procedure", office, stage="project", kind="public_notice", document="公示〔2026〕1号", days=7
    )
    walk.later(7)
    [procedure] = projects.stage_named(walk.project, "project").procedures.all()
    walk.act("end_procedure", office, procedure=procedure.pk, result="公示期内没有异议")
    walk.later(3)
    chart = projects.chart_of(walk.project, walk.at)
    rows = [row for row in chart.rows if row.case]
    assert len(rows) == 4
    for row in rows:
        ledger = cases.ledger_of(cases.Case.objects.get(number=row.case), walk.at)
        assert [day.date for day in row.days] == [day.date for day in ledger]
        assert sum(row.sums.values()) == sum(row.holders.values()) == len(ledger)
        assert row.counted == sum(day.counted for day in ledger)
        by_holder: dict[str, int] = {}
        for day in ledger:
            by_holder[day.holder] = by_holder.get(day.holder, 0) + 1
        assert row.holders == by_holder
        assert sum(stretch.days for stretch in row.stretches) == len(ledger)
    paused = next(row for row in rows if row.case == works.number)
    assert paused.sums["excluded"] >= 7
    assert [pause.document for pause in paused.pauses] == ["公示〔2026〕1号"]
    union = {
        day.date
        for row in rows
        for day in row.days
        if day.kind == "counted" and (not row.decided_on or day.date <= row.decided_on)
    }
    assert chart.used == len(union)


def test_parallel_items_run_at_once_and_only_true_results_are_waited_for() -> None:
    walk = Walk("parallel")
    walk.start("site")
    found = walk.cases_of("site")
    assert (found["filing"].state, found["land-permit"].state) == ("submitted", "waiting")
    walk.run("site")
    walk.start("project")
    assert {case.state for case in walk.cases_of("project").values()} == {"submitted"}


def test_on_the_old_track_one_item_follows_the_other() -> None:
    walk = Walk("serial")
    walk.start("site")
    walk.run("site")
    walk.start("project")
    found = walk.cases_of("project")
    assert [case.state for case in found.values()] == ["submitted", "waiting"]
    walk.grant(found["eia-review"])
    assert walk.cases_of("project")["works-permit"].state == "submitted"


def test_an_earlier_result_is_not_asked_again_in_a_later_stage() -> None:
    walk = Walk("parallel")
    walk.start("site")
    walk.run("site")
    walk.start("project")
    works = walk.cases_of("project")["works-permit"]
    held = {m.name: (m.source, m.reference) for m in works.materials.all()}
    land = walk.cases_of("site")["land-permit"]
    assert held["用地规划许可证"] == ("licence", land.number)
    assert "设计方案" not in held


def test_a_stage_waits_for_what_it_needs_and_says_what() -> None:
    walk = Walk("parallel")
    with pytest.raises(NotPossible, match="用地规划许可"):
        walk.start("project")
    serial = projects.act(walk.code, "choose_track", {"track": "serial"}, walk.owner, AT)
    assert serial.track == "serial"
    with pytest.raises(NotPossible, match="逐项办理"):
        walk.start("construction")


def test_what_was_refused_is_handed_in_again_and_both_cases_stay_on_the_chart() -> None:
    walk = Walk("parallel")
    walk.start("site")
    filing = walk.cases_of("site")["filing"]
    office = officer_of("fgj")
    cases.act(filing.number, "accept", {}, office, walk.later(1))
    cases.act(
        filing.number, "decide", {"outcome": "refused", "reason": "不符合产业政策"}, office, walk.later(1)
    )
    walk.later(1)
    walk.start("site", items=["filing"])
    chart = projects.chart_of(walk.project, walk.at)
    assert len([row for row in chart.rows if row.item == filing.published.code]) == 2
    walk.run("site")
    assert projects.stage_named(walk.project, "site").state == "passed"


def test_a_revoked_result_opens_the_stage_again() -> None:
    walk = Walk("parallel")
    walk.start("site")
    walk.run("site")
    filing = walk.cases_of("site")["filing"]
    payload = {"reason": "以欺骗手段取得", "clause": "行政许可法第六十九条"}
    cases.act(filing.number, "revoke", payload, officer_of("fgj"), walk.later(1))
    assert projects.stage_named(walk.project, "site").state == "under_way"
