"""What is applied for: six kinds of item, and their names (pure)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from yimen.modules.items.bench import ACTS, OBJECTS, SUBJECTS, TAILS
from yimen.modules.items.content import StandardContent
from yimen.site.province.plan import DEPARTMENTS, Plan

SIMPLE, TWO, SITE, FEE, JOINT, INSTANT = "simple", "two", "site", "fee", "joint", "instant"
CLASSES = 4
"""The same applicant's cases in turn are of different classes of items."""
PATTERN = (
    INSTANT, SIMPLE, INSTANT, TWO, INSTANT, SITE, INSTANT, SIMPLE,
    FEE, INSTANT, JOINT, INSTANT, SIMPLE, TWO, INSTANT, SIMPLE,
)  # fmt: skip
"""Kinds in order of popularity, over and over."""
KINDS = (INSTANT, SIMPLE, TWO, SITE, FEE, JOINT)
TYPES = ("permit", "confirmation", "benefit", "public_service", "other_power")
ASKED = 3
"""The provincial department whose opinion the joint step asks for."""


@dataclass(frozen=True)
class Kind:
    """What a course needs to know of a kind of item: working days, steps between acceptance and decision."""

    legal: int
    promised: int
    steps: tuple[str, ...] = ()


SHAPES = {
    INSTANT: Kind(5, 0),
    SIMPLE: Kind(20, 5, ("review",)),
    TWO: Kind(20, 8, ("review", "check")),
    SITE: Kind(20, 10, ("review", "site")),
    FEE: Kind(20, 7, ("review",)),
    JOINT: Kind(30, 12, ("review",)),
}
STEP_DAYS = 2
"""The limit of the first step of the simple kind, and how long an applicant waits at most for it."""
SILENCE_DAYS = 5
FEE_NAME, FEE_AMOUNT = "工本费", 10
MATERIALS = ("application", "identity", "proof")
STEP_NAMES = {"review": "审查", "check": "复核", "site": "现场核查"}
POSTS = {"review": "reviewer", "check": "reviewer", "site": "inspector"}


def kind_of(base: int) -> str:
    """The kind of one of a county's items."""
    return PATTERN[(base // CLASSES) % len(PATTERN)]


def kinds(plan: Plan) -> list[str]:
    """The kind of each of a county's items."""
    return [kind_of(base) for base in range(plan.items_a_county)]


def base_name(base: int) -> str:
    """A name as the catalogues of provinces have them; no two alike within a county."""
    subject = SUBJECTS[base % len(SUBJECTS)]
    thing = OBJECTS[(base // len(SUBJECTS) + base) % len(OBJECTS)]
    return subject + thing + ACTS[(base * 7) % len(ACTS)] + TAILS[base % len(TAILS)]


def popularity(plan: Plan) -> "np.typing.NDArray[np.float64]":
    """How often each of a county's items within a class is asked for, as a running sum to 1."""
    ranks = np.arange(1, plan.items_a_county // CLASSES + 1, dtype=np.float64)
    running = np.cumsum(ranks**-0.8)
    found: np.typing.NDArray[np.float64] = running / running[-1]
    return found


def department_of(base: int) -> int:
    return base % DEPARTMENTS


def content_of(base: int, level: str = "county") -> StandardContent:
    """The standard of one of the items every county has; the same in every county."""
    kind = kind_of(base)
    shape = SHAPES[kind]
    values: dict[str, Any] = {
        "name": base_name(base),
        "summary": "虚构省份的测量用事项，不对应任何真实事项。",
        "type": TYPES[base % len(TYPES)],
        "audience": ("person", "enterprise"),
        "level": level,
        "basis": ({"law": "中华人民共和国行政许可法", "article": "第十二条"},),
        "materials": (
            {"code": "application", "name": "申请书", "kind": "form", "trust": "D", "originals": 1},
            {"code": "identity", "name": "主体资格证明", "kind": "certificate", "trust": "A"},
            {"code": "proof", "name": "符合条件的证明材料", "kind": "other", "trust": "B", "copies": 1},
        ),
        "legal_limit": {"amount": shape.legal, "clause": "行政许可法第四十二条"},
        "promised_limit": {"amount": shape.promised},
        "instant": kind == INSTANT,
        "steps": () if kind == INSTANT else _steps(kind),
        "results": ({"name": "办理结果", "kind": "approval"},),
        "visits": visits_of_base(base),
    }
    if kind == SITE:
        values["special_procedures"] = (
            {"code": "testing", "name": "检测", "clause": "行政许可法第四十五条", "limit": {"amount": 10}},
        )
    if kind == FEE:
        values["fees"] = ({"name": FEE_NAME, "amount": FEE_AMOUNT, "basis": "虚构收费目录"},)
    return StandardContent.model_validate(values)


def _steps(kind: str) -> tuple[dict[str, Any], ...]:
    steps: list[dict[str, Any]] = [{"code": "accept", "name": "受理", "post": "receiver"}]
    for code in SHAPES[kind].steps:
        step: dict[str, Any] = {"code": code, "name": STEP_NAMES[code], "post": POSTS[code]}
        if kind == SIMPLE:
            step["limit"] = {"amount": STEP_DAYS}
        if code == "site":
            step["officers"] = 2
        if kind == JOINT:
            step["joint"] = {
                "organisations": (asked_code(),),
                "silence_days": SILENCE_DAYS,
                "silence_means": "wait",
            }
        steps.append(step)
    return (
        *steps,
        {"code": "decide", "name": "决定", "post": "head"},
        {"code": "hand_out", "name": "送达", "post": "certifier"},
    )


def visits_of_base(base: int) -> int:
    return base % 2


def visits_of(item: int, plan: Plan) -> int:
    """How often an applicant has to come for an item of the plan."""
    own = item - plan.counties * plan.items_a_county
    return visits_of_base(own if own >= 0 else item % plan.items_a_county)


def asked_code() -> str:
    return f"yl-p-{ASKED:02d}"


def item_codes(plan: Plan) -> list[str]:
    """Codes of all items: each county's in turn, then the province's own."""
    each = plan.items_a_county
    codes = [f"YL{c + 1:03d}-{b:04d}" for c in range(plan.counties) for b in range(each)]
    return codes + [f"YL000-{n:04d}" for n in range(plan.items - plan.counties * each)]
