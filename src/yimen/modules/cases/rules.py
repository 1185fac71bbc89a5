"""What the law makes of an application's parts (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from yimen.kernel.expressions import parse
from yimen.modules.flows import api as flows
from yimen.modules.items.content import Limit, MaterialRequirement, ReviewStep, StandardContent

TELLING_DAYS = 5
"""Working days to tell once what is missing (行政许可法第三十二条第一款第（四）项)."""
TELLING_CLAUSE = "行政许可法第三十二条第一款第（四）项"
DELIVERY_DAYS = 10
"""Working days to deliver after the decision (行政许可法第四十四条)."""
DELIVERY_CLAUSE = "行政许可法第四十四条"
JOINT_DAYS = 45
WAITS = "收到申请，等前一事项办结后开始计时"


RECEIVING_POSTS = frozenset({"receiver"})
"""Their first steps are done by accepting."""
DECIDING_POSTS = frozenset({"head"})
CLOSING_POSTS = frozenset({"head", "certifier"})
"""Their last steps are done by deciding and delivering."""


@lru_cache(maxsize=4096)
def _closing(steps: tuple[ReviewStep, ...]) -> frozenset[str]:
    return flows.closing_steps(steps, CLOSING_POSTS)


def open_reviews(steps: tuple[ReviewStep, ...], flow: flows.Flow) -> list[str]:
    """Steps that wait for a reviewer's opinion now: the open ones but those that the decision itself completes."""
    return [code for code in flows.open_steps(flow) if code not in _closing(steps)]


def review_is_done(steps: tuple[ReviewStep, ...], flow: flows.Flow) -> bool:
    """Has everything passed that has to pass before the decision?"""
    return flows.is_done({code: record for code, record in flow.items() if code not in _closing(steps)})


@dataclass(frozen=True)
class Extension:
    """How far a limit may be extended, by whom, by which clause."""

    days: int
    approver: str
    clause: str


SPECIAL_EXTENSIONS = {
    "市场主体登记管理条例": Extension(3, "登记机关负责人", "市场主体登记管理条例第十九条"),
}
"""Laws that set a longer limit of their own (行政许可法第四十二条第一款: 法律、法规另有规定的，依照其规定), by the law that a limit's clause names."""


def extension_of(limit: Limit) -> Extension:
    """20 days may become 30 by the head of the organ; 45 may become 60 by the head of the government (行政许可法第四十二条).

    A limit of a law with an extension of its own has that one: registration 3 + 3 (市场主体登记管理条例第十九条).
    """
    special = next((found for law, found in SPECIAL_EXTENSIONS.items() if law in limit.clause), None)
    if special is not None:
        return special
    if limit.unit == "working_day" and limit.amount == JOINT_DAYS:
        return Extension(15, "本级人民政府负责人", "行政许可法第四十二条第二款")
    return Extension(10, "本行政机关负责人", "行政许可法第四十二条第一款")


def facts(values: Mapping[str, Any], on: date, *, entity: bool) -> dict[str, Any]:
    """The answers with what rules may ask beside them: the day, and whether a person or an entity applies."""
    return {**values, "today": on, "applicant_kind": "entity" if entity else "person"}


def required_materials(content: StandardContent, values: Mapping[str, Any]) -> list[MaterialRequirement]:
    """The materials that apply to these answers; one whose condition cannot be decided is asked for."""
    return [
        m
        for m in content.materials
        if not m.required_when or parse(m.required_when).evaluate(values) is not False
    ]


def missing_materials(
    content: StandardContent, values: Mapping[str, Any], handed_in: Iterable[str]
) -> list[MaterialRequirement]:
    """Required and not handed in, in the order of the guide."""
    present = set(handed_in)
    return [m for m in required_materials(content, values) if m.code not in present]


def may_promise(content: StandardContent, requirement: str) -> bool:
    """Does the standard let a promise stand for this material (告知承诺)?"""
    return content.promise is not None and requirement in content.promise.materials


def may_owe(content: StandardContent, requirement: str) -> bool:
    """Does the standard tolerate that this material follows later (容缺受理: minor materials only)?"""
    material = next((m for m in content.materials if m.code == requirement), None)
    return content.tolerance is not None and material is not None and not material.main


def unmet_conditions(content: StandardContent, values: Mapping[str, Any]) -> list[str]:
    """Sentences for the computable conditions that do not hold (受理条件)."""
    return [
        c.failing or f"不符合受理条件：{c.text}"
        for c in content.conditions
        if c.rule and parse(c.rule).evaluate(values) is False
    ]


def second_notice_faults(
    told_before: Sequence[str], replaced: Iterable[str], asked: Iterable[str]
) -> list[str]:
    """Requirements that a later correction notice may not name.

    Everything missing had to be told once, so a second notice may only name what the first one named and what was handed in
    anew for it (行政许可法第三十二条第一款第（四）项).
    """
    allowed = set(told_before) | set(replaced)
    return [code for code in asked if code not in allowed]
