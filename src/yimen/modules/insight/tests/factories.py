"""Test doors of insight: a random walk of cases, and deliveries as bad luck would have them."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from yimen.foundation.outbox.models import Delivery
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Refusal
from yimen.kernel.events import handler_named
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, handed_in, officer, resident

OURS = "yimen.modules.insight."
PAYLOADS: dict[str, list[dict[str, Any]]] = {
    "accept": [{}],
    "refuse_acceptance": [
        {"clause": "行政许可法第三十二条", "reason": "不属于职权", "would_pass": "向市级申请"}
    ],
    "request_correction": [{"missing": [{"requirement": "application", "reason": "没有签名"}]}],
    "correct": [{"materials": [{"requirement": "licence", "licence": "L-123456"}]}],
    "pass_step": [{"opinion": "符合条件"}],
    "return_step": [{"to": "review", "reason": "再看一看"}],
    "suspend": [{"procedure": "expert_review", "clause": "行政许可法第四十五条", "days": 5}],
    "resume": [{}],
    "extend": [{"days": 3, "reason": "情况复杂"}],
    "decide": [{"outcome": "granted"}, {"outcome": "refused", "reason": "场所不符合要求"}],
    "deliver": [{"way": "window"}],
    "withdraw": [{}],
    "terminate": [{"clause": "行政许可法第七十条", "reason": "主体资格终止"}],
    "revoke": [{"clause": "行政许可法第六十九条", "reason": "以欺骗取得"}],
}
BY_APPLICANT = {"correct", "withdraw"}


class Walk:
    """Cases that residents hand in and an office acts upon, at moments that only move forward for each case."""

    def __init__(self, items: list[str], random: Random, begin: datetime = AT) -> None:
        self.items, self.random, self.begin = items, random, begin
        self.office = officer()
        self.cases: list[tuple[str, Actor, datetime]] = []

    def hand_in(self) -> None:
        """One application for one or two items."""
        who, at = resident(), self.begin + timedelta(hours=self.random.randrange(24 * 40))
        chosen = self.random.sample(self.items, k=self.random.choice([1, 1, min(2, len(self.items))]))
        application = handed_in(who, at, items=chosen)
        numbers = cases.Case.objects.filter(application=application).values_list("number", flat=True)
        self.cases += [(number, who, at) for number in numbers]

    def act(self) -> None:
        """A random act upon a random case; one that the table or a guard forbids simply does not happen."""
        if not self.cases:
            return
        place = self.random.randrange(len(self.cases))
        number, applicant, last = self.cases[place]
        name = self.random.choice(list(PAYLOADS))
        payload = self.random.choice(PAYLOADS[name])
        at = last + timedelta(hours=self.random.randrange(1, 24 * 9))
        try:
            cases.act(number, name, payload, applicant if name in BY_APPLICANT else self.office, at)
        except Refusal:
            return
        self.cases[place] = (number, applicant, at)


def deliveries() -> list[Delivery]:
    """The news for insight that waits in the outbox."""
    return list(Delivery.objects.filter(handler__startswith=OURS, done_at=None).order_by("id"))


def deliver(delivery: Delivery) -> None:
    """Make one delivery; it stays in the outbox, so it may be made again."""
    event_type, handler = handler_named(delivery.handler)
    values = json.loads(delivery.payload)
    handler(event_type(**{k: datetime.fromisoformat(v) if k == "at" else v for k, v in values.items()}))


def failing(times: int, work: Callable[..., Any]) -> Callable[..., Any]:
    """Work that is done and then breaks, so many times; afterwards it simply works."""
    left = [times]

    def attempt(*args: Any, **kwargs: Any) -> Any:
        done = work(*args, **kwargs)
        if left[0] > 0:
            left[0] -= 1
            raise RuntimeError("the worker died")
        return done

    return attempt
