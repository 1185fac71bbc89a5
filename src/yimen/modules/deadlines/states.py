"""The life of a clock."""

from enum import StrEnum


class ClockState(StrEnum):
    """``missed`` and ``met`` are both stopped; overdue is not a state but running with ``due_at`` in the past."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ClockState.RUNNING: "计时中",
    ClockState.PAUSED: "暂停计时",
    ClockState.MET: "按时完成",
    ClockState.MISSED: "超期完成",
    ClockState.CANCELLED: "不再计时",
}
OPEN = frozenset({ClockState.RUNNING, ClockState.PAUSED})

KINDS: dict[str, str] = {
    "telling": "一次性告知期限",
    "correction": "申请人补正期限",
    "legal": "法定办结期限",
    "promised": "承诺办结期限",
    "step": "环节期限",
    "delivery": "颁发、送达期限",
    "tolerance": "容缺补交期限",
    "promise_check": "告知承诺核查期限",
    "procedure": "特别程序期限",
}
"""Labels of the kinds of clock; other modules declare theirs with ``declare_kind``."""


def declare_kind(kind: str, label: str) -> None:
    """Give a kind of clock its Chinese label (called at import by the module that starts such clocks)."""
    KINDS[kind] = label


def label_of(kind: str) -> str:
    return KINDS.get(kind, kind)
