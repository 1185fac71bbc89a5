"""The words, tones and shapes of states and units, said the same way in every room."""

from typing import NamedTuple


class Look(NamedTuple):
    """How a state is shown: a word, a tone (calm, info, soon, done, late) and a shape, never colour alone."""

    word: str
    tone: str
    icon: str


STATES: dict[str, Look] = {
    # cases and applications
    "draft": Look("草稿", "calm", "pencil"),
    "submitted": Look("已提交", "info", "send"),
    "waiting": Look("等待前一事项", "calm", "clock"),
    "correction_requested": Look("待补正", "soon", "triangle-alert"),
    "not_accepted": Look("不予受理", "late", "circle-x"),
    "accepted": Look("已受理", "info", "stamp"),
    "in_review": Look("审查中", "info", "circle-dot"),
    "suspended": Look("特别程序中", "calm", "circle-pause"),
    "granted": Look("准予", "done", "circle-check"),
    "refused": Look("不予批准", "late", "circle-x"),
    "delivered": Look("已办结", "done", "circle-check"),
    "withdrawn": Look("已撤回", "calm", "undo-2"),
    "terminated": Look("已终止", "calm", "ban"),
    # standards
    "published": Look("已发布", "done", "circle-check"),
    "legal_review": Look("法制审核中", "info", "scale"),
    "retired": Look("已停用", "calm", "ban"),
    # clocks
    "running": Look("计时中", "info", "clock"),
    "paused": Look("暂停计时", "calm", "circle-pause"),
    "due_soon": Look("即将到期", "soon", "alarm-clock"),
    "overdue": Look("已逾期", "late", "clock-alert"),
    "stopped": Look("已停表", "calm", "circle-check"),
    "met": Look("按时办结", "done", "circle-check"),
    "missed": Look("逾期办结", "late", "clock-alert"),
    # documents and licences
    "issued": Look("已签发", "done", "stamp"),
    "valid": Look("有效", "done", "shield-check"),
    "revoked": Look("已撤销", "late", "ban"),
    "expired": Look("已过期", "calm", "clock"),
    # plain things
    "active": Look("启用", "done", "circle-check"),
    "inactive": Look("停用", "calm", "ban"),
    "open": Look("待处理", "info", "circle-dot"),
    "done": Look("已完成", "done", "circle-check"),
    "failed": Look("未成功", "late", "circle-x"),
    "cancelled": Look("已取消", "calm", "ban"),
    "missing": Look("缺少", "soon", "triangle-alert"),
    "provided": Look("已提供", "done", "circle-check"),
    "spared": Look("免提交", "done", "shield-check"),
}

UNITS: dict[str, str] = {
    "working_day": "个工作日",
    "calendar_day": "个自然日",
    "month": "个月",
    "year": "年",
    "working_hour": "个工作小时",
    "hour": "小时",
}
