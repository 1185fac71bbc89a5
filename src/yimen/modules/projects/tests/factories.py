"""Test doors of projects: a small plan of eight items, an owner, officers of every department, a stage brought to its end."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from yimen.foundation.calendar.api import current_calendar
from yimen.foundation.files import api as files
from yimen.foundation.files.tests.factories import png
from yimen.foundation.identity import api as identity
from yimen.foundation.orgs.models import Division, Organisation
from yimen.kernel.actor import PLATFORM, Actor, Scope
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import OFFICE_GRANTS, make_account
from yimen.modules.items.content import ItemResult, Limit, MaterialRequirement, SpecialProcedure
from yimen.modules.items.tests.factories import make_organisation, make_standard
from yimen.modules.projects import api as projects
from yimen.modules.projects.content import StagePlanContent
from yimen.modules.projects.permissions import JOIN, LEAD, READ, WATCH

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DISTRICT, CITY = "449901000000", "449900000000"
USCC = "91440101MA5CXXXX12"
SQUARE = "113.2600, 23.1300\n113.2620, 23.1300\n113.2620, 23.1320\n113.2600, 23.1320"
NEEDS_NOTICE = SpecialProcedure(code="public_notice", name="公示", clause="城乡规划法第四十条")
ITEMS = {
    "filing": ("fgj", "项目备案", "项目备案证", ()),
    "land-permit": ("zrzyj", "用地规划许可", "用地规划许可证", ("项目备案证",)),
    "eia-review": ("sthjj", "环境影响评价", "环评批复", ("项目备案证",)),
    "works-permit": ("zrzyj", "工程规划许可", "工程规划许可证", ("用地规划许可证", "设计方案")),
    "fire-review": ("zjj", "消防设计审查", "消防设计审查意见", ("消防设计文件",)),
    "build-permit": ("zjj", "施工许可", "施工许可证", ("工程规划许可证", "消防设计审查意见", "施工合同")),
    "fire-check-done": ("zjj", "消防验收", "消防验收意见", ("竣工图",)),
    "plan-check": ("zrzyj", "规划核实", "规划核实合格证", ("竣工图",)),
}
"""Plan code: organisation, name, result, materials beside the application form."""


def make_items() -> None:
    """The departments and their published items."""
    for slug, (organisation, name, result, materials) in ITEMS.items():
        required = tuple(
            MaterialRequirement(code=f"m{n}", name=title, originals=1) for n, title in enumerate(materials, 1)
        )
        make_standard(
            slug,
            organisation=make_organisation(organisation),
            name=name,
            audience=("enterprise",),
            materials=required,
            results=(ItemResult(name=result, sample="sample.pdf"),),
            promised_limit=Limit(amount=10),
            special_procedures=(NEEDS_NOTICE,) if slug == "works-permit" else (),
        )


def plan_content(**changes: Any) -> StagePlanContent:
    """The plan of the test items."""
    session = [{"kind": "site_inspection", "name": "联合踏勘", "days": 3, "clause": "测试规定第一条"}]
    stages = [
        {
            "kind": "site", "name": "立项用地", "lead": "zrzyj", "days": 20, "clause": "测试方案",
            "items": [{"item": "filing"}, {"item": "land-permit"}], "sessions": session,
        },
        {
            "kind": "project", "name": "工程建设", "lead": "zrzyj", "days": 30, "clause": "测试方案",
            "items": [{"item": "eia-review", "when": "pollutes"}, {"item": "works-permit"}], "needs": ["land-permit"],
        },
        {
            "kind": "construction", "name": "施工", "lead": "zjj", "days": 15, "clause": "测试方案",
            "items": [{"item": "fire-review"}, {"item": "build-permit"}], "needs": ["works-permit"],
            "pre_review": {"days": 5, "opens_earthworks": True, "promise": "我单位承诺补齐材料。", "clause": "测试规定第二条"},
        },
        {
            "kind": "completion", "name": "竣工", "lead": "zjj", "days": 15, "clause": "测试方案",
            "items": [{"item": "fire-check-done"}, {"item": "plan-check"}], "needs": ["build-permit"],
            "sessions": [{"kind": "acceptance", "name": "联合验收", "days": 5, "clause": "测试规定第三条"}],
        },
    ]  # fmt: skip
    base: dict[str, Any] = {
        "name": "测试流程", "target_days": 120, "clause": "国办发〔2019〕11号", "stages": stages,
        "questions": [{"code": "pollutes", "question": "要做环评吗？"}],
    }  # fmt: skip
    return StagePlanContent.model_validate(base | changes)


def make_plan() -> None:
    make_items()
    projects.publish_plan("test", plan_content(), date(2026, 1, 1), PLATFORM, AT)


def uscc(serial: int = 1) -> str:
    """A valid credit code of a made-up enterprise."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91449901MA{serial:07d}"
    total = sum(alphabet.index(c) * pow(3, n, 31) for n, c in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]


def make_owner(serial: int = 1) -> Actor:
    """Somebody who may act for an enterprise."""
    entity = identity.find_or_register_entity(
        f"测试建设{serial}有限公司", uscc(serial), AT, phone="13800138000"
    )
    account = make_account(f"owner{serial}", display_name="吴经办")
    return Actor(account_id=account.pk, name="吴经办", entity_ids=frozenset({entity.pk}))


def officer_of(code: str, *, division: str = DISTRICT, lead: bool = True) -> Actor:
    """Somebody of a department with every grant of an office, and those of projects."""
    organisation = make_organisation(code, division)
    scopes = (Scope(organisation_id=organisation.pk),)
    account = identity.Account.objects.filter(username=f"officer-{code}").first()
    account = account or make_account(f"officer-{code}", display_name=f"{code}经办", kind="staff")
    grants = (*OFFICE_GRANTS, READ, JOIN, *((LEAD,) if lead else ()))
    return Actor(
        account_id=account.pk, name=f"{code}经办", organisation_id=organisation.pk,
        grants=dict.fromkeys(grants, scopes), channel="window",
    )  # fmt: skip


def supervisor(division: str = "449901") -> Actor:
    account = make_account(display_name="钱督查", kind="staff")
    return Actor(
        account_id=account.pk,
        name="钱督查",
        grants={WATCH: (Scope(division=division),), "console:case:read": (Scope(division=division),)},
    )


def registered(
    person: Actor | None = None, at: datetime = AT, **changes: Any
) -> tuple[projects.Project, Actor]:
    """A registered project and its owner."""
    owner = person or make_owner()
    entity = identity.LegalEntity.objects.get(pk=min(owner.entity_ids))
    make_organisation("zrzyj")
    base: dict[str, Any] = {
        "name": "测试厂房", "owner": entity.uscc, "investment": "enterprise", "kind": "factory", "division": DISTRICT,
        "address": "测试路1号", "invests": "5000", "floor_area": "12000", "boundary": SQUARE, "answers": {"pollutes": True},
    }  # fmt: skip
    return projects.register_project(projects.ProjectIn.model_validate(base | changes), owner, at), owner


def read(project: projects.Project, actor: Actor) -> projects.Project:
    return projects.project_with_code(project.code, actor)


class Walk:
    """A project on its way through its stages: working days pass between acts."""

    def __init__(self, track: str = "parallel", *, published: bool = False, **changes: Any) -> None:
        if not published:
            make_plan()
        self.at = AT
        project, self.owner = registered(track=track, **changes)
        self.code = project.code

    @property
    def project(self) -> projects.Project:
        return projects.project_with_code(self.code, self.owner)

    def later(self, days: int) -> datetime:
        """So many working days later, at the same hour."""
        day = current_calendar().add_working_days(self.at.astimezone(CHINA).date(), days)
        self.at = datetime.combine(day, self.at.astimezone(CHINA).time(), CHINA).astimezone(UTC)
        return self.at

    def act(self, name: str, actor: Actor | None = None, **given: Any) -> projects.Project:
        return projects.act(self.code, name, given, actor or self.owner, self.at)

    def start(self, stage: str, **given: Any) -> projects.Project:
        return self.act("start_stage", stage=stage, **given)

    def cases_of(self, stage: str) -> dict[str, cases.Case]:
        """The stage's cases by plan code."""
        found = projects.stage_named(self.project, stage)
        return {row.plan_code: row.case for row in found.items.all() if row.case is not None}

    def grant(self, case: cases.Case) -> None:
        """Accept, review, decide and deliver, a working day for each."""
        office = officer_of(case.organisation.code, division=case.organisation.division.code)
        for name, payload in (
            ("accept", {}), ("pass_step", {"opinion": "符合条件"}), ("decide", {"outcome": "granted"}),
            ("deliver", {"way": "electronic"}),
        ):  # fmt: skip
            cases.act(case.number, name, payload, office, self.later(1))

    def run(self, stage: str) -> None:
        """Grant every case of a stage as soon as it can be handled."""
        while ready := list(self.ready(stage)):
            for case in ready:
                self.grant(case)

    def ready(self, stage: str) -> Iterator[cases.Case]:
        return (case for case in self.cases_of(stage).values() if case.state == cases.CaseState.SUBMITTED)

    def all_stages(self) -> None:
        for stage in ("site", "project", "construction", "completion"):
            self.start(stage)
            self.run(stage)
            self.later(2)


def store_page(actor: Actor, at: datetime) -> str:
    """A small picture handed in by the actor; its digest."""
    return files.store("page.png", io.BytesIO(png()), actor, at).digest


def make_city_organisation(code: str = "city-sthj") -> Organisation:
    Division.objects.get_or_create(code=CITY, defaults={"name": "测试市", "level": 2})
    return make_organisation(code, CITY)


DAY = timedelta(days=1)
