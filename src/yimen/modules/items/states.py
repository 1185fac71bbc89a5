"""States of an item and of a version of its standard, and the acts that lead from one to the next (pure).

国办函〔2016〕108号: a version is drawn up (编制), legally reviewed (法制审核), approved (审定) and published (发布) under a new
version number; an item can be added, changed, split, merged, suspended and cancelled.
"""

from enum import StrEnum

from yimen.kernel.actor import Actor
from yimen.kernel.states import Machine, Permission, Step


class ItemState(StrEnum):
    """Whether the item may be applied for at all."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


ITEM_STATE_LABELS = {
    ItemState.ACTIVE: "在用",
    ItemState.SUSPENDED: "暂停",
    ItemState.CANCELLED: "已取消",
}


class StandardState(StrEnum):
    """Where a version stands on its way to being published."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETIRED = "retired"


STANDARD_STATE_LABELS = {
    StandardState.DRAFT: "编制中",
    StandardState.IN_REVIEW: "法制审核中",
    StandardState.RETURNED: "退回修改",
    StandardState.APPROVED: "已审定",
    StandardState.PUBLISHED: "已发布",
    StandardState.RETIRED: "已停用",
}

EDITABLE = frozenset({StandardState.DRAFT, StandardState.RETURNED})
OPEN = frozenset(
    {StandardState.DRAFT, StandardState.RETURNED, StandardState.IN_REVIEW, StandardState.APPROVED}
)

WRITE = "console:standard:write"
REVIEW = "console:standard:review"
PUBLISH = "console:standard:publish"

S = StandardState
STEPS = (
    Step(
        name="submit",
        label="送法制审核",
        sources=frozenset({S.DRAFT, S.RETURNED}),
        target=S.IN_REVIEW,
        grants=frozenset({WRITE}),
        clause="国办函〔2016〕108号",
    ),
    Step(
        name="return",
        label="退回修改",
        sources=frozenset({S.IN_REVIEW, S.APPROVED}),
        target=S.RETURNED,
        grants=frozenset({REVIEW}),
        clause="国办函〔2016〕108号",
    ),
    Step(
        name="approve",
        label="审核通过",
        sources=frozenset({S.IN_REVIEW}),
        target=S.APPROVED,
        grants=frozenset({REVIEW}),
        clause="国办函〔2016〕108号",
    ),
    Step(
        name="publish",
        label="发布",
        sources=frozenset({S.APPROVED}),
        target=S.PUBLISHED,
        grants=frozenset({PUBLISH}),
        clause="国办函〔2016〕108号",
    ),
)


def reaches(grant: str, actor: Actor, subject: object) -> bool:
    """Does this grant of the actor reach the item (anything with ``organisation_id`` and ``division_code``)?

    The platform itself (channel ``system``: loading reference data, scheduled work) reaches everything.
    """
    if actor.channel == "system":
        return True
    organisation = getattr(subject, "organisation_id", None)
    division = str(getattr(subject, "division_code", ""))
    return any(
        (scope.organisation_id is None or scope.organisation_id == organisation)
        and division.startswith(scope.division)
        for scope in actor.scopes(grant)
    )


PERMITS: Permission = reaches
MACHINE: Machine[StandardState] = Machine(StandardState.DRAFT, STEPS, PERMITS)
