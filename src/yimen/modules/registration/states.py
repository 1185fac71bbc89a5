"""Kinds and states of market entities, and what a registrar may do to one (pure): one row is one legal act.

What an applicant brings about (set-up, change, cancellation) follows a granted case and is not in this table.
"""

from enum import StrEnum
from typing import Any

from yimen.kernel.actor import Actor
from yimen.kernel.states import Machine, Step


class EntityKind(StrEnum):
    COMPANY = "company"
    JOINT_STOCK = "joint_stock"
    BRANCH = "branch"
    SOLE_TRADER = "sole_trader"
    PARTNERSHIP = "partnership"
    SOLE_PROPRIETORSHIP = "sole_proprietorship"
    COOPERATIVE = "cooperative"
    OTHER = "other"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    EntityKind.COMPANY: "有限责任公司",
    EntityKind.JOINT_STOCK: "股份有限公司",
    EntityKind.BRANCH: "分支机构",
    EntityKind.SOLE_TRADER: "个体工商户",
    EntityKind.PARTNERSHIP: "合伙企业",
    EntityKind.SOLE_PROPRIETORSHIP: "个人独资企业",
    EntityKind.COOPERATIVE: "农民专业合作社",
    EntityKind.OTHER: "其他市场主体",
}
REPRESENTATIVE = {
    EntityKind.COMPANY: "法定代表人",
    EntityKind.JOINT_STOCK: "法定代表人",
    EntityKind.BRANCH: "负责人",
    EntityKind.SOLE_TRADER: "经营者",
    EntityKind.PARTNERSHIP: "执行事务合伙人",
    EntityKind.SOLE_PROPRIETORSHIP: "投资人",
    EntityKind.COOPERATIVE: "法定代表人",
    EntityKind.OTHER: "负责人",
}
"""What the person at the head is called (市场主体登记管理条例第八条)."""


class EntityState(StrEnum):
    ACTIVE = "active"
    ABNORMAL = "abnormal"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


STATE_LABELS = {
    EntityState.ACTIVE: "存续（在营、开业、在册）",
    EntityState.ABNORMAL: "存续，列入经营异常名录",
    EntityState.CANCELLING: "存续，简易注销公告中",
    EntityState.CANCELLED: "已注销",
    EntityState.REVOKED: "吊销，未注销",
}
LIVING = frozenset({EntityState.ACTIVE, EntityState.ABNORMAL, EntityState.CANCELLING})
"""May change and do business."""

READ, LIST, REVOKE, NOTICE = (
    "console:entity:read",
    "console:entity:list",
    "console:entity:revoke",
    "console:entity:notice",
)


def reaches(grant: str, actor: Actor, entity: Any) -> bool:
    """Does this grant of the actor reach an entity: its division, and its registering authority where the grant names one?"""
    return any(
        entity.division.startswith(scope.division)
        and scope.centre_id is None
        and scope.organisation_id in (None, entity.organisation_id)
        for scope in actor.scopes(grant)
    )


S = EntityState
MACHINE = Machine(
    S.ACTIVE,
    [
        Step(
            name="list_abnormal", label="列入经营异常名录", sources=frozenset({S.ACTIVE, S.CANCELLING}), target=S.ABNORMAL,
            grants=frozenset({LIST}), clause="企业信息公示暂行条例；企业经营异常名录管理暂行办法第四条",
        ),
        Step(
            name="delist", label="移出经营异常名录", sources=frozenset({S.ABNORMAL}), target=S.ACTIVE,
            grants=frozenset({LIST}), clause="企业经营异常名录管理暂行办法",
        ),
        Step(
            name="revoke", label="吊销营业执照", sources=LIVING, target=S.REVOKED,
            grants=frozenset({REVOKE}), clause="公司法第二百六十条；市场主体登记管理条例第六章",
        ),
        Step(
            name="end_notice", label="终止简易注销公告", sources=frozenset({S.CANCELLING}), target=S.ACTIVE,
            grants=frozenset({NOTICE}), clause="市场主体登记管理条例第三十三条",
        ),
    ],
    reaches,
)  # fmt: skip
ABNORMAL_REASONS = {
    "no_annual_report": ("未按照规定的期限公示年度报告", "企业经营异常名录管理暂行办法第四条第（一）项"),
    "no_disclosure": ("未在责令的期限内公示有关企业信息", "企业经营异常名录管理暂行办法第四条第（二）项"),
    "false_disclosure": (
        "公示企业信息隐瞒真实情况、弄虚作假",
        "企业经营异常名录管理暂行办法第四条第（三）项",
    ),
    "not_reachable": ("通过登记的住所（经营场所）无法联系", "企业经营异常名录管理暂行办法第四条第（四）项"),
    "name_not_changed": ("逾期未办理被责令的名称变更登记", "企业名称登记管理规定第二十三条第二款"),
}
"""Code to reason and clause."""
