"""Test doors of joint applications: a thing of several departments, each with an officer who signs in, and a clerk."""

from typing import Any

from django.test import Client

from yimen.foundation.orgs.models import Centre
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, make_centre, resident
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import Limit, MaterialRequirement
from yimen.modules.items.tests.factories import make_organisation, make_standard
from yimen.portals.desk.tests.factories import office_client


def one_item(name: str, **changes: Any) -> PublishedStandard:
    """A published item of a department of its own."""
    materials = (
        MaterialRequirement(code="paper", name="共用材料", originals=1),
        MaterialRequirement(code="own", name=f"{name}材料", originals=1),
    )
    base: dict[str, Any] = {"name": f"{name}许可", "materials": materials, "promised_limit": Limit(amount=10)}
    return make_standard(organisation=make_organisation(f"joint-{name}"), **{**base, **changes})


class Thing:
    """A joint application led by the first department; ``order`` names (earlier, later, what becomes of the later)."""

    def __init__(
        self,
        *names: str,
        order: list[tuple[int, int, str]] | None = None,
        centre: Centre | None = None,
        **more: Any,
    ) -> None:
        self.names = names
        codes = [one_item(name).code for name in names]
        dependencies = [
            cases.Dependency(
                earlier=codes[a], later=codes[b], supplies=("paper",), when_failed=failed, why="结果作为材料"
            )
            for a, b, failed in order or []
        ]
        command = cases.HandIn(
            items=codes,
            joint=True,
            lead=f"joint-{names[0]}",
            dependencies=dependencies,
            joint_days=15,
            joint_clause="联办方案",
            centre=(centre or make_centre()).code,
            **more,
        )
        self.number = cases.hand_in(command, resident(), AT).number
        self.clients: dict[tuple[int, str], Client] = {}

    def case(self, n: int) -> cases.Case:
        return cases.Case.objects.select_related("application", "item").get(number=f"{self.number}-{n + 1}")

    @property
    def states(self) -> list[str]:
        return [self.case(n).state for n in range(len(self.names))]

    def office(self, n: int, role: str = "reviewer") -> Client:
        """The browser of somebody of the n-th department."""
        if (n, role) not in self.clients:
            organisation = make_organisation(f"joint-{self.names[n]}")
            self.clients[n, role] = office_client(role, organisation, f"{role}-{self.names[n]}")
        return self.clients[n, role]

    def page(self, n: int, role: str = "reviewer", **query: str) -> Any:
        return self.office(n, role).get(f"/desk/cases/{self.case(n).number}/", query)

    def act(self, n: int, name: str, role: str = "reviewer", **post: Any) -> Any:
        """Post an act's form as the page does; the answer, followed."""
        case = self.case(n)
        return self.office(n, role).post(
            f"/desk/cases/{case.number}/acts/{name}/", {"revision": case.revision, **post}, follow=True
        )

    def grant(self, n: int) -> None:
        if self.case(n).state == "submitted":
            self.act(n, "accept")
        self.act(n, "pass_step", opinion="符合条件", step="review")
        self.act(n, "decide", "department_head", outcome="granted", reason="符合条件")
        assert self.case(n).state == "granted"
