"""Test doors of cases: actors, an application handed in, a case brought to a state."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from yimen.foundation.identity import api as identity
from yimen.foundation.orgs.models import Centre, Organisation
from yimen.kernel.actor import Actor, Scope
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import Limit, MaterialRequirement
from yimen.modules.items.tests.factories import make_organisation, make_standard

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CLERK_GRANTS = (
    "desk:application:create",
    "desk:case:receive",
    "desk:case:correct",
    "desk:case:accept",
    "desk:case:deliver",
)
OFFICE_GRANTS = (
    "desk:case:read", "desk:case:correct", "desk:case:accept", "desk:case:review", "desk:case:decide",
    "desk:case:suspend", "desk:case:extend", "desk:case:deliver", "desk:case:terminate",
)  # fmt: skip
_numbers = count(1)


def id_number(serial: int = 1, birth: str = "19900101", region: str = "440113") -> str:
    """A valid identity number of a made-up person; serials beyond three digits are born on later days."""
    born = date.fromisoformat(birth) + timedelta(days=serial // 1000)
    body = f"{region}{born:%Y%m%d}{serial % 1000:03d}"
    total = sum(
        int(d) * w for d, w in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return body + "10X98765432"[total % 11]


def make_account(username: str = "", **fields: Any) -> identity.Account:
    return identity.Account.objects.create(username=username or f"account{next(_numbers)}", **fields)


def make_centre(code: str = "test-centre") -> Centre:
    organisation = make_organisation()
    centre, _ = Centre.objects.get_or_create(
        code=code, defaults={"name": "测试中心", "division": organisation.division}
    )
    return centre


def clerk(centre: Centre | None = None) -> Actor:
    """A window clerk of the test centre."""
    centre = centre or make_centre()
    scopes = (Scope(centre_id=centre.pk),)
    account = make_account(display_name="陈窗口", kind="staff")
    grants = {grant: scopes for grant in (*CLERK_GRANTS, "desk:case:read")}
    return Actor(account_id=account.pk, name="陈窗口", grants=grants, channel="window")


def officer(organisation: Organisation | None = None, *posts: str, name: str = "赵审查") -> Actor:
    """Somebody of the deciding organisation with every grant of an office."""
    organisation = organisation or make_organisation()
    scopes = (Scope(organisation_id=organisation.pk),)
    account = make_account(display_name=name, kind="staff")
    return Actor(
        account_id=account.pk,
        name=name,
        organisation_id=organisation.pk,
        posts=frozenset(posts),
        grants={grant: scopes for grant in OFFICE_GRANTS},
        channel="window",
    )


def resident(name: str = "林晓燕", serial: int = 0) -> Actor:
    """A signed-in resident with a registered person."""
    person = identity.find_or_register_person(name, id_number(serial or next(_numbers)), "13800138000", AT)
    account = make_account(display_name=name, person=person)
    return Actor(account_id=account.pk, name=name, person_id=person.pk)


def handed_in(actor: Actor | None = None, at: datetime = AT, **changes: Any) -> cases.Application:
    """An application of one test standard with all its materials, by a resident."""
    codes = changes.pop("items", None) or [make_standard().code]
    return cases.hand_in(cases.HandIn(items=codes, **changes), actor or resident(), at)


def only_case(application: cases.Application) -> cases.Case:
    return cases.Case.objects.select_related("application").get(application=application)


def brought_to(
    state: str, *, at: datetime = AT, content: dict[str, Any] | None = None
) -> tuple[cases.Case, Actor]:
    """A case in a state by real acts, and the officer who did them; one working day passes between acts."""
    standard = make_standard(**(content or {}))
    office = officer()
    case = only_case(handed_in(items=[standard.code], at=at))
    for step, (name, payload) in enumerate(ROADS[state], 1):
        case = cases.act(case.number, name, payload, office, at + timedelta(days=step))
    return case, office


_TO_REVIEW: list[tuple[str, dict[str, Any]]] = [("accept", {})]
_TO_READY = [*_TO_REVIEW, ("pass_step", {"opinion": "材料齐全，符合条件"})]
ROADS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "submitted": [],
    "accepted": _TO_REVIEW,
    "in_review": _TO_READY,
    "suspended": [
        *_TO_REVIEW,
        ("suspend", {"procedure": "expert_review", "clause": "行政许可法第四十五条", "days": 5}),
    ],
    "granted": [*_TO_READY, ("decide", {"outcome": "granted"})],
    "refused": [*_TO_READY, ("decide", {"outcome": "refused", "reason": "场所不符合要求"})],
    "delivered": [*_TO_READY, ("decide", {"outcome": "granted"}), ("deliver", {"way": "window"})],
    "not_accepted": [
        (
            "refuse_acceptance",
            {
                "clause": "行政许可法第三十二条",
                "reason": "不属于本机关职权",
                "would_pass": "请向市级部门申请",
            },
        )
    ],
    "correction_requested": [
        ("request_correction", {"missing": [{"requirement": "application", "reason": "申请书没有签名"}]})
    ],
    "terminated": [
        *_TO_REVIEW,
        ("terminate", {"clause": "行政许可法第七十条", "reason": "申请人主体资格终止"}),
    ],
}


class Thing:
    """A joint application of several one-item departments, each with an officer of its own."""

    def __init__(self, *names: str, order: list[tuple[int, int, str]] | None = None, **more: Any) -> None:
        self.standards: list[PublishedStandard] = []
        self.officers: list[Actor] = []
        for name in names:
            organisation = make_organisation(f"joint-{name}")
            self.standards.append(make_standard(organisation=organisation, **_thing_content(name)))
            self.officers.append(officer(organisation, name=f"{name}经办"))
        codes = [standard.code for standard in self.standards]
        dependencies = [
            cases.Dependency(
                earlier=codes[a],
                later=codes[b],
                supplies=("paper",),
                when_failed=failed,
                why="结果作为材料",
                clause="甲法第一条",
            )
            for a, b, failed in order or []
        ]
        self.applicant = resident()
        command = cases.HandIn(
            items=codes, joint=True, lead="joint-" + names[0], dependencies=dependencies, joint_days=15,
            joint_clause="联办方案", **more,
        )  # fmt: skip
        self.number = cases.hand_in(command, self.applicant, AT).number

    def case(self, n: int) -> cases.Case:
        return cases.Case.objects.select_related("application").get(number=f"{self.number}-{n + 1}")

    def act(self, n: int, name: str, at: Any = AT + timedelta(days=1), **payload: Any) -> cases.Case:
        return cases.act(f"{self.number}-{n + 1}", name, payload, self.officers[n], at)

    def grant(self, n: int, at: Any = AT + timedelta(days=1)) -> cases.Case:
        if self.case(n).state == "submitted":
            self.act(n, "accept", at)
        self.act(n, "pass_step", at, opinion="符合条件")
        return self.act(n, "decide", at, outcome="granted")

    def clock(self, n: int, kind: str) -> deadlines.Clock:
        [found] = deadlines.clocks_of("case", [f"{self.number}-{n + 1}"]).values()
        return [clock for clock in found if clock.kind == kind][-1]

    @property
    def promise(self) -> deadlines.Clock | None:
        found = deadlines.clocks_of("application", [self.number]).get(self.number, [])
        return found[0] if found else None


def _thing_content(name: str) -> dict[str, Any]:
    materials = (
        MaterialRequirement(code="paper", name="共用材料", originals=1),
        MaterialRequirement(code="own", name=f"{name}材料", originals=1),
    )
    return {"name": f"{name}许可", "materials": materials, "promised_limit": Limit(amount=10)}
