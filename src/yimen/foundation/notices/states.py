"""Where the delivery of one message by one channel stands (pure)."""

from enum import StrEnum


class SendingState(StrEnum):
    """``retrying`` failed for now and is tried again; ``failed`` is for good, with its reason."""

    QUEUED = "queued"
    SENT = "sent"
    RETRYING = "retrying"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    SendingState.QUEUED: "待发送",
    SendingState.SENT: "已发送",
    SendingState.RETRYING: "暂时失败，稍后重试",
    SendingState.FAILED: "未能发送",
}
OPEN = (SendingState.QUEUED, SendingState.RETRYING)
