"""What was sent and what was answered: the memory against which the store is proved afterwards."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

GONE, BUSY = -1, 503
UNKNOWN = 0
"""Sent, and no answer came: the caller must ask again with the same key."""


@dataclass
class Sent:
    """One write under its key.

    Args:
        key: its ``Idempotency-Key``.
        who: whose token it carried.
        path, body: what was sent, so that it can be sent again.
        case: the case an act was upon; "" for a submission.
        status: of the answer, ``UNKNOWN`` while none came.
        answer: the body of the answer.
    """

    key: str
    who: str
    path: str
    body: str
    case: str = ""
    status: int = UNKNOWN
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def is_act(self) -> bool:
        return bool(self.case)

    @property
    def done(self) -> bool:
        return 200 <= self.status < 300


class Notes:
    """All writes of a run, by key. Safe for many threads."""

    def __init__(self) -> None:
        self.sent: dict[str, Sent] = {}
        self.statuses: Counter[int] = Counter()
        self.kills: Counter[str] = Counter()
        self.wrong: list[str] = []
        """Answers that a caller must never see, such as a 500."""
        self.cases: list[str] = []
        self._lock = threading.Lock()

    def begin(self, sent: Sent) -> None:
        with self._lock:
            self.sent.setdefault(sent.key, sent)

    def answered(self, key: str, status: int, answer: dict[str, Any]) -> None:
        """An answer came; one for a key that was answered before must be the same."""
        with self._lock:
            sent = self.sent[key]
            self.statuses[status] += 1
            if status == 500 or (status > 500 and status != 503):
                self.wrong.append(f"{sent.path} answered {status}: {str(answer)[:300]}")
            if sent.done and (status, answer) != (sent.status, sent.answer):
                self.wrong.append(f"{sent.path} {key} answered {sent.status}, then {status} differently")
            if status in (GONE, BUSY) or answer.get("code") == "idempotency_key_in_use":
                return
            sent.status, sent.answer = status, answer
            if sent.done and not sent.is_act:
                self.cases += [case["number"] for case in answer["cases"]]

    def submissions(self) -> list[Sent]:
        return [s for s in self.sent.values() if not s.is_act]

    def acts(self) -> list[Sent]:
        return [s for s in self.sent.values() if s.is_act]
