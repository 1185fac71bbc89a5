"""A factory is built: the owner registers the project and hands in four stages, the lead department inspects the site with the
others, tells one opinion and holds a hearing, all on pages; what single departments decide goes through the services."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Journey
from tests.journeys.stories import moment_of
from tests.journeys.walking import a_pdf, choose_situations, fill, press, upload
from yimen.foundation.files.tests.factories import png
from yimen.foundation.trace import api as trace
from yimen.modules.cases import api as cases
from yimen.modules.items import api as items
from yimen.modules.projects import api as projects
from yimen.modules.projects.models import StageItem
from yimen.site.demo import cases as told
from yimen.site.demo.projects import STORE, _Way

pytestmark = pytest.mark.journey
NAME = "甲乙丙糕点厂新建项目"
PLACE = "石桥镇工业大道88号"


class Works:
    """The project on its way: the owner's browser, the lead department's, and the departments' officers behind them."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.owner, self.lead = journey.signed_in("wu"), journey.signed_in("zrzyj-zhang")
        end = moment_of("2026-12-31 18:00")
        self.way = _Way(end, told._signed("wu", end, "online"), "", days_ago=0)
        self.number = 0

    @property
    def code(self) -> str:
        return self.way.code

    def day(self, said: str) -> None:
        self.journey.day(said)
        self.way.now = moment_of(said)

    def register(self) -> None:
        page = self.owner
        page.goto("/projects/")
        page.get_by_role("link", name="登记项目").first.click()
        for label, value in (("项目名称", NAME), ("总投资", "2600"), ("建筑面积", "3200"), ("地址", PLACE)):
            page.get_by_label(label).first.fill(value)
        page.get_by_label("建设单位").select_option(index=1)
        page.get_by_label("建什么").select_option("factory")
        for name, value in (("investment", "enterprise"), ("approval", "filing"), ("track", "parallel")):
            page.locator(f"input[name={name}][value={value}]").check()
        page.get_by_label("地块边界").fill(STORE.replace("113.31588, 23.10410", "113.31520, 23.10462", 1))
        press(page, "画出来看看")
        expect(page.get_by_role("alert").first).to_be_visible()
        page.get_by_label("地块边界").fill(STORE)
        press(page, "画出来看看")
        expect(page.locator("main")).to_contain_text("边界有 4 个点")
        self.journey.picture(page, "hall-project-new")
        press(page, "登记项目")
        expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
        self.way.code = page.url.rstrip("/").rsplit("/", 1)[1]

    def start(self, kind: str) -> None:
        """One form, one set of papers for the whole stage, handed in once."""
        page = self.owner
        page.goto(f"/projects/{self.code}/")
        page.locator(f"#stage-{kind}").locator("xpath=ancestor::section[1]").get_by_role(
            "link", name="申请这一阶段"
        ).click()
        values = self._values(kind)
        choose_situations(page, values)
        fill(page, values)
        for section in page.locator("section.material").all():
            self.number += 1
            taken = section.locator("input[type=file]")
            takes_pdf = "pdf" in (taken.get_attribute("accept") or "")
            paper = upload(f"材料{self.number}.pdf", a_pdf(str(self.number)))
            taken.set_input_files([paper if takes_pdf else upload("照片.png", png(8, 8), "image/png")])
        press(page, "提交这一阶段")
        expect(page.locator("body")).to_contain_text("阶段已经提交，各部门同时收到")

    def _values(self, kind: str) -> dict[str, Any]:
        rows = StageItem.objects.filter(stage__project__code=self.code, stage__kind=kind)
        codes = [row.item.code for row in rows.select_related("item")]
        return self.way._answers(list(items.open_items(codes, self.way.now.date()).values()))

    def act(self, name: str, **values: str) -> None:
        """An act of the lead department in its own form on the project's page."""
        page, label = self.lead, projects.ACTS[name].label
        page.goto(f"/desk/projects/{self.code}/")
        opened = page.locator("details", has=self.form_of(name)).first
        if not opened.locator("form").is_visible():
            opened.locator("summary").first.click()
        form = self.form_of(name).first
        for field, value in values.items():
            control = form.locator(f"[name={field}]").first
            kind = control.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "radio":
                form.locator(f"[name={field}][value={value}]").check()
            elif kind == "select":
                control.select_option(value)
            else:
                control.fill(value)
        press(page, label, within=form)
        expect(page.locator("body")).to_contain_text(f"已办理：{label}")

    def form_of(self, name: str) -> Locator:
        return self.lead.locator(f"form[action$='/acts/{name}/']")


def test_a_factory_through_four_stages(journey: Journey) -> None:
    works = Works(journey)
    way = works.way
    works.day("2026-03-02 09:30")
    works.register()
    works.start("site")
    works.day("2026-03-03 10:00")
    way.grant("site", "enterprise-project-filing", 0)
    _site_inspection(journey, works)
    works.day("2026-03-06 10:00")
    way.grant("site", "land-planning-permit", 2)

    works.day("2026-03-11 10:00")
    works.start("project")
    _hearing(journey, works)
    way.finish(way.case("project", "works-planning-permit"), 2)

    works.day("2026-03-30 10:00")
    works.start("construction")
    way.grant("construction", "construction-permit", 2)
    works.day("2026-05-11 10:00")
    works.start("completion")
    way.grant("completion", "planning-verification", 2)
    way.grant("completion", "completion-record", 1)
    works.day("2026-05-20 10:00")
    _everything_adds_up(journey, works)


def _site_inspection(journey: Journey, works: Works) -> None:
    """Called, found and told once by the lead department; a second opinion is not offered any more."""
    works.act("call_session", kind="site_inspection", held_at="2026-03-04T10:00", place=PLACE)
    works.day("2026-03-04 15:00")
    stage = projects.stage_named(projects.project_with_code(works.code, works.way.owner), "site")
    session = stage.sessions.get()
    works.act("give_finding", officers="审查员甲、审查员乙", agrees="yes", text="现场与申请一致。")
    for finding in session.findings.filter(given_at=None).select_related("organisation"):
        works.way.act(
            "give_finding", works.way.head_of(finding.organisation.code), session=session.pk,
            officers="审查员甲、审查员乙", agrees=True, text="没有不同意见。",
        )  # fmt: skip
    journey.picture(works.lead, "desk-project")
    works.act("tell_opinion", outcome="passed", opinion="四至与红线一致，同意选址。")
    expect(works.form_of("tell_opinion")).to_have_count(0)
    works.owner.goto(f"/projects/{works.code}/")
    expect(works.owner.locator("main")).to_contain_text("四至与红线一致，同意选址。")


def _hearing(journey: Journey, works: Works) -> None:
    """Its days stand outside the limit, with the paper that ordered it."""
    works.day("2026-03-12 10:00")
    [reviewer, _], _heads = told._office("zrzyj", works.way.end)
    cases.act(
        works.way.case("project", "works-planning-permit").number, "accept", {}, reviewer, works.way.now
    )
    works.act("begin_procedure", kind="hearing", document="澜规资听〔2026〕18号", days="7")
    works.day("2026-03-23 10:00")
    works.act("end_procedure", result="听证会如期举行，没有异议。")


def _everything_adds_up(journey: Journey, works: Works) -> None:
    """Each row of the chart, as the owner reads it, has the days of its case's own ledger, however they are divided."""
    page = works.owner
    page.goto(f"/projects/{works.code}/")
    project = projects.project_with_code(works.code, works.way.owner)
    assert project.state == "finished"
    assert [stage.state for stage in project.stages.all()] == ["passed"] * 4
    page.get_by_text("看成表格").click()
    rows = page.locator("table", has=page.locator("th", has_text="在谁手里")).locator("tbody tr")
    assert rows.count() == 6
    excluded = 0
    for row in rows.all():
        case = cases.Case.objects.get(number=row.locator(".code").inner_text())
        ledger = cases.ledger_of(case, works.way.now)
        numbers = [int(cell) for cell in row.locator("td.number").all_inner_texts()]
        hands = [int(n) for n in re.findall(r" (\d+)天", row.locator("td").last.inner_text())]
        assert numbers[0] == sum(numbers[1:]) == sum(hands) == len(ledger), (case.number, numbers, hands)
        excluded += "听证" in row.locator("td").last.inner_text()
    assert excluded == 1, "the hearing stands in the row of the one case that it held"
    chart = projects.chart_of(project, works.way.now)
    expect(page.locator(".stats").first).to_contain_text(re.compile(rf"{chart.used}\s*个工作日"))
    assert 0 < chart.used <= chart.one_by_one
    journey.picture(page, "hall-project")
    journey.check_access(page)
    assert list(trace.verify_chain("project", works.code)) == []
