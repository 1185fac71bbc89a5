"""The door of notices."""

from yimen.foundation.notices.channels import (
    Channel,
    FailedForGood,
    FailedForNow,
    Message,
    label_of,
    register,
)
from yimen.foundation.notices.models import Notice, Sending
from yimen.foundation.notices.queries import notices_of, sendings_failed, sendings_waiting, unread_count
from yimen.foundation.notices.services import mark_read, notify, send_again, send_due
from yimen.foundation.notices.states import SendingState

__all__ = [
    "Channel",
    "FailedForGood",
    "FailedForNow",
    "Message",
    "Notice",
    "Sending",
    "SendingState",
    "label_of",
    "mark_read",
    "notices_of",
    "notify",
    "register",
    "send_again",
    "send_due",
    "sendings_failed",
    "sendings_waiting",
    "unread_count",
]
