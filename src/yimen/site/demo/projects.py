"""Two construction projects of the district: one built on the parallel track, one in its second stage the old way."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from yimen.foundation.calendar.api import current_calendar
from yimen.foundation.identity.api import LegalEntity
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.items import api as items
from yimen.modules.projects import api as projects
from yimen.modules.projects.content import StagePlanContent
from yimen.modules.projects.models import Procedure, StageItem
from yimen.site.demo import cases as told
from yimen.site.demo.cast import DISTRICT

PLANS = Path(__file__).parent / "stage_plans.yaml"
KITCHEN = (
    "113.30210, 23.11840\n113.30385, 23.11852\n113.30379, 23.11985\n113.30290, 23.12010\n113.30204, 23.11973"
)
STORE = "113.31520, 23.10410\n113.31588, 23.10410\n113.31588, 23.10462\n113.31520, 23.10462"
SAID = {
    "special_fire": "是", "special": "是", "tendered": "招标", "land_way": "出让", "handled_by": "本人（法定代表人）办理",
    "partly": "整体核实", "changed": "没有", "drain_kind": "建设工程施工",
}  # fmt: skip
TYPED = {
    "contract_amount": "21500000",
    "project_building_area": "8600",
    "project_land_area": "25600",
    "x_far_ok": True,
}


def make_projects(author: Actor, at: datetime, valid_from: date) -> None:
    """Publish the stage plans, then let the two projects go their way."""
    document = yaml.load(PLANS.read_text("utf-8"), Loader=yaml.CSafeLoader)
    for entry in document["plans"]:
        content = StagePlanContent.model_validate(entry["content"])
        projects.publish_plan(entry["code"], content, valid_from, author, at)
    owner = told._signed("wu", at, "online")
    scan = told._scan(owner, at)
    _built(_Way(at, owner, scan, days_ago=190))
    _in_second_stage(_Way(at, owner, scan, days_ago=62))


class _Way:
    """One project on its way: who acts, and the moment it has come to."""

    def __init__(self, at: datetime, owner: Actor, scan: str, days_ago: int) -> None:
        self.end, self.owner, self.scan = at, owner, scan
        self.calendar = current_calendar()
        day = (at - timedelta(days=days_ago)).astimezone(CHINA).date()
        self.now = self._moment(self.calendar.next_working_day(day))
        self.code = ""

    def later(self, days: int) -> datetime:
        """So many working days later, never beyond the present."""
        self.now = self._moment(self.calendar.add_working_days(self.now.astimezone(CHINA).date(), days))
        return self.now

    def _moment(self, day: date) -> datetime:
        local = datetime(day.year, day.month, day.day, 10, 20, tzinfo=CHINA)
        return min(local.astimezone(UTC), self.end - timedelta(minutes=2))

    def register(self, **given: Any) -> None:
        owner = LegalEntity.objects.get(pk=min(self.owner.entity_ids))
        base = {"owner": owner.uscc, "investment": "enterprise", "division": DISTRICT}
        told_in = projects.ProjectIn.model_validate(base | given)
        self.code = projects.register_project(told_in, self.owner, self.now).code

    def act(self, name: str, actor: Actor, **given: Any) -> None:
        projects.act(self.code, name, given, actor, self.now)

    def start(self, kind: str) -> None:
        """Hand in a stage with the demonstration scan for every paper that is not the result of another item."""
        rows = StageItem.objects.filter(stage__project__code=self.code, stage__kind=kind, case=None)
        chosen = list(rows.select_related("item", "stage__project__plan").order_by("ordinal"))
        day = self.now.astimezone(CHINA).date()
        standards = items.open_items([row.item.code for row in chosen], day)
        supplied = {(one.item, one.requirement) for one in chosen[0].stage.project.plan.parsed.supplies}
        values = self._answers(list(standards.values()))
        papers = [
            cases.MaterialIn(item=row.item.code, requirement=m.code, file=self.scan)
            for row in chosen
            for m in cases.required_materials(standards[row.item.code].content, values)
            if "pdf" in m.accept and m.kind != "form" and (row.plan_code, m.code) not in supplied
            if not any(source.kind == "output_of" for source in m.sources)
        ]
        given = projects.StartIn(form=values, materials=papers)
        projects.start_stage(self.code, kind, given, self.owner, self.now)

    def _answers(self, standards: list[items.PublishedStandard]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for standard in standards:
            values |= told.answers(standard)
        values |= {code: value for code, value in (SAID | TYPED).items() if code in values}
        if "x_accept_on" in values:
            values["x_accept_on"] = (self.now - timedelta(days=3)).astimezone(CHINA).date().isoformat()
        options = {one.code: one.options for standard in standards for one in standard.content.situations}
        return values | {code: fit[0] for code, fit in options.items() if values.get(code) not in fit}

    def case(self, kind: str, item: str) -> cases.Case:
        row = StageItem.objects.select_related("case__application", "case__organisation").get(
            stage__project__code=self.code, stage__kind=kind, plan_code=item
        )
        if row.case is None:
            raise LookupError(item)
        return row.case

    def grant(self, kind: str, item: str, days: int) -> None:
        """Accept at once, review and decide after so many working days, hand over the next day."""
        case = self.case(kind, item)
        reviewers, _ = self.office(case)
        case = cases.act(case.number, "accept", {}, reviewers[0], self.now)
        self.finish(case, days)

    def finish(self, case: cases.Case, days: int) -> None:
        reviewers, heads = self.office(case)
        self.later(days)
        for _ in range(12):
            opened = cases.open_reviews(case.published.content.steps, case.flow)
            if not opened:
                break
            for request in case.opinions.filter(answered_at=None).select_related("organisation"):
                [asked, _other], _heads = told._office(request.organisation.code, self.end)
                cases.give_opinion(request.pk, "agree", "没有不同意见。", asked, self.now)
            step = next(step for step in case.published.content.steps if step.code == opened[0])
            for officer in list(heads if step.post == "head" else reviewers)[: step.officers]:
                payload = {"step": step.code, "opinion": "经审查，符合规定。"}
                case = cases.act(case.number, "pass_step", payload, officer, self.now)
        cases.act(case.number, "decide", {"outcome": "granted"}, heads[0], self.now)
        cases.act(case.number, "deliver", {"way": "electronic"}, reviewers[0], self.now)

    def office(self, case: cases.Case) -> tuple[list[Actor], list[Actor]]:
        return told._office(case.organisation.code, self.end)

    def head_of(self, organisation: str) -> Actor:
        _, heads = told._office(organisation, self.end)
        return heads[0]

    def together(self, kind: str, session: str, place: str, departments: list[str], text: str) -> None:
        """Call a joint session, let every department speak, tell the one opinion."""
        stage = projects.Stage.objects.select_related("lead").get(project__code=self.code, kind=kind)
        lead = self.head_of(stage.lead.code)
        held = self.now + timedelta(days=1)
        self.act(
            "call_session",
            lead,
            stage=kind,
            kind=session,
            held_at=held,
            place=place,
            organisations=departments,
        )
        self.later(2)
        key = stage.sessions.latest("pk").pk
        for code in departments:
            self.act(
                "give_finding", self.head_of(code), session=key, officers="审查员甲、审查员乙", agrees=True,
                text="现场与申请一致，没有不同意见。",
            )  # fmt: skip
        self.act("tell_opinion", lead, session=key, outcome="passed", opinion=text)


def _built(way: _Way) -> None:
    way.register(
        name="甲乙丙中央厨房新建项目", kind="factory", track="parallel", address="石桥镇工业大道66号", invests="6800",
        floor_area="8600", boundary=KITCHEN,
    )  # fmt: skip
    way.later(1)
    way.start("site")
    way.grant("site", "enterprise-project-filing", 0)
    way.together(
        "site",
        "site_inspection",
        "石桥镇工业大道66号地块",
        ["zrzyj", "fgj"],
        "地块权属清楚，四至与红线一致，同意选址。",
    )
    way.later(1)
    way.grant("site", "land-planning-permit", 3)
    way.later(4)
    way.start("project")
    way.later(1)
    works = cases.act(
        way.case("project", "works-planning-permit").number,
        "accept",
        {},
        told._office("zrzyj", way.end)[0][0],
        way.now,
    )
    way.grant("project", "soil-conservation", 4)
    way.act(
        "begin_procedure", way.head_of("zrzyj"), stage="project", kind="hearing", document=f"澜规资听〔{way.now.year}〕18号", days=7,
        clause="行政许可法第四十五条、第四十七条", cases=[works.number],
    )  # fmt: skip
    way.later(7)
    procedure = Procedure.objects.get(stage__project__code=way.code)
    way.act(
        "end_procedure",
        way.head_of("zrzyj"),
        procedure=procedure.pk,
        result="听证会如期举行，相邻业主没有新的异议。",
    )
    way.act("request_pre_review", way.owner, stage="construction", promised=True)
    way.later(2)
    way.act(
        "decide_pre_review", way.head_of("zjj"), stage="construction", outcome="passed", missing="施工合同、监理合同",
        opinion="用地和方案已经落实，同意预审。",
    )  # fmt: skip
    way.finish(way.case("project", "works-planning-permit"), 3)
    way.later(6)
    way.start("construction")
    way.later(1)
    way.grant("construction", "construction-permit", 2)
    way.later(18)
    way.start("completion")
    way.grant("completion", "planning-verification", 2)
    way.grant("completion", "completion-record", 1)


def _in_second_stage(way: _Way) -> None:
    way.register(
        name="甲乙丙冷链仓库改造项目", kind="factory", track="serial", address="大涌湾镇港前路12号", invests="1500",
        floor_area="3200", boundary=STORE, answers={"needs_eia": True},
    )  # fmt: skip
    way.later(1)
    way.start("site")
    way.grant("site", "enterprise-project-filing", 1)
    way.later(1)
    way.grant("site", "land-planning-permit", 5)
    way.later(4)
    way.start("project")
    way.later(2)
    eia = way.case("project", "eia")
    reviewers, _ = way.office(eia)
    cases.act(eia.number, "accept", {}, reviewers[0], way.now)
    way.later(5)
    way.act(
        "begin_procedure", way.head_of("sthjj"), stage="project", kind="expert_review", document=f"澜环评审〔{way.now.year}〕7号", days=15,
    )  # fmt: skip
    way.act(
        "pre_check", told._office("zrzyj", way.end)[0][0], item="works-planning-permit", ready=True,
        text="总平面图和日照计算书已看，符合规划条件。",
    )  # fmt: skip
