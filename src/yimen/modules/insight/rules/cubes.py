"""The cubes, declared as data: by what each is cut, and what it counts."""

from dataclasses import dataclass

FLOW_MEASURES = {
    "received": "收件",
    "accepted": "受理",
    "decided": "作出决定",
    "granted": "准予",
    "refused": "不予",
    "not_accepted": "不予受理",
    "delivered": "送达",
    "corrections": "要求补正",
    "withdrawn": "撤回",
    "terminated": "终止",
    "revoked": "撤销",
    "ended": "办结",
    "promised_met": "承诺期限内决定",
    "promised_missed": "超过承诺期限决定",
    "legal_met": "法定期限内决定",
    "legal_missed": "超过法定期限决定",
    "timed": "按工作日计时的决定",
    "used_days": "所用工作日合计",
    "promised_days": "承诺工作日合计",
    "visits": "需到现场次数",
    "online": "不到窗口收件",
    "asked": "要求的材料",
    "spared_licence": "电子证照免交",
    "spared_shared": "数据共享免交",
    "spared_promise": "告知承诺免交",
    "spared_result": "前序结果免交",
    "tolerated": "容缺受理的材料",
}
"""What is counted on the day it happened; days are whole working days."""
PRESSURE_MEASURES = {name: FLOW_MEASURES[name] for name in ("received", "accepted", "decided", "delivered")}
MOVE_MEASURES = {"moves": "次数"}
STANDING_MEASURES = {"cases": "办件", "owed": "欠交的材料"}
MEASURES = FLOW_MEASURES | MOVE_MEASURES | STANDING_MEASURES

DIMENSIONS = {
    "day": "日",
    "hour": "时",
    "division": "区划",
    "organisation": "部门",
    "centre": "中心",
    "item": "事项",
    "channel": "渠道",
    "act": "动作",
    "from_state": "办理前状态",
    "to_state": "办理后状态",
    "state": "状态",
    "due_on": "应办结日",
}
OPEN_END = "9999-12-31"
"""Stands for no due day: a key of a cube may not be empty, because an empty value never equals another."""


@dataclass(frozen=True, kw_only=True)
class Cube:
    """A table of sums.

    Args:
        name: as REST calls it.
        label: as people call it.
        dimensions: by what it is cut; one row holds the sums of one combination.
        measures: what it counts, name to label.
    """

    name: str
    label: str
    dimensions: tuple[str, ...]
    measures: dict[str, str]

    @property
    def dated(self) -> bool:
        """Does it count what happened on days, or what stands now?"""
        return "day" in self.dimensions


PLACE = ("division", "organisation", "centre")
CASES = Cube(name="cases", label="办件", dimensions=("day", *PLACE, "channel"), measures=FLOW_MEASURES)
ITEMS = Cube(
    name="items", label="分事项办件", dimensions=("day", *PLACE, "item", "channel"), measures=FLOW_MEASURES
)
PRESSURE = Cube(
    name="pressure", label="分时压力", dimensions=("day", "hour", *PLACE), measures=PRESSURE_MEASURES
)
MOVES = Cube(
    name="moves",
    label="状态流转",
    dimensions=("day", *PLACE, "act", "from_state", "to_state"),
    measures=MOVE_MEASURES,
)
STANDING = Cube(
    name="standing", label="当前状态", dimensions=(*PLACE, "state", "due_on"), measures=STANDING_MEASURES
)
CUBES = {cube.name: cube for cube in (CASES, ITEMS, PRESSURE, MOVES, STANDING)}
