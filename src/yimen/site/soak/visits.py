"""What callers do in a run: hand in, act upon cases as the law allows, in every order that chance brings."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from yimen.foundation.identity.api import Account, Person, issue_token
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.items import api as items
from yimen.site.demo.cases import answers
from yimen.site.soak.notes import Sent

ITEM = "food-business-new"
MARK = "premises_name"
"""The form field that tells one application of a run from every other."""
CLERK, RESIDENT = "chen", "lin"
OFFICE = ("zhao", "scjgj-li", "sun")
CAST = (CLERK, RESIDENT, *OFFICE)
RECENT = 60
"""Among so many of the latest cases one is chosen, so that several callers meet at the same one."""


class Answer(Protocol):
    """What a door gives back."""

    @property
    def status(self) -> int: ...

    @property
    def body(self) -> dict[str, Any]: ...


class Door(Protocol):
    """A way into the product: HTTP, or the same application in this very process."""

    def call(self, method: str, path: str, token: str, body: str = "", key: str = "") -> Answer: ...


@dataclass(frozen=True)
class Crowd:
    """Who calls, with tokens made before the run, and what an application holds."""

    tokens: dict[str, str]
    people: list[dict[str, str]]
    item: str
    form: dict[str, Any]
    materials: list[dict[str, Any]]

    @property
    def parts(self) -> int:
        """How many materials an application has."""
        return len(self.materials)

    def submission(self, key: str, chance: Random) -> Sent:
        """An application at the window, every third for somebody who may withdraw it again."""
        applicant = self.people[0] if chance.random() < 0.3 else chance.choice(self.people)
        body = {
            "items": [self.item], "applicant": {"kind": "person", **applicant}, "form": {**self.form, MARK: f"{key}号店"},
            "materials": self.materials, "channel": "window", "centre": "lanjiang",
        }  # fmt: skip
        return Sent(key, CLERK, "/api/v1/applications", json.dumps(body, ensure_ascii=False))


def gather(at: datetime) -> Crowd:
    """Tokens, people and a filled form of the store at hand."""
    standard = items.current(ITEM, at.astimezone(CHINA).date())
    form = answers(standard)
    required = cases.required_materials(standard.content, form)
    accounts = {name: Account.objects.select_related("person").get(username=name) for name in CAST}
    resident = accounts[RESIDENT].person
    people = [resident, *Person.objects.order_by("-id")[:40]]
    return Crowd(
        tokens={name: issue_token(account, at, timedelta(hours=12)) for name, account in accounts.items()},
        people=[
            {"name": p.name, "id_number": p.id_number, "phone": p.phone} for p in people if p is not None
        ],
        item=standard.code,
        form=form,
        materials=[{"requirement": m.code, "paper": True} for m in required],
    )


Payloads = Callable[[Random, list[str]], dict[str, Any]]


def _correction(chance: Random, steps: list[str]) -> dict[str, Any]:
    return {"missing": [{"requirement": "form", "reason": "经营场所名称与租赁合同不一致，请更正。"}]}


def _refusal(chance: Random, steps: list[str]) -> dict[str, Any]:
    granted = chance.random() < 0.7
    return {"outcome": "granted"} if granted else {"outcome": "refused", "reason": "现场条件不符合要求。"}


PAYLOADS: dict[str, tuple[int, Payloads]] = {
    "request_correction": (3, _correction),
    "correct": (6, lambda chance, steps: {"form": {"contact_address": "更正后的地址1号"}}),
    "accept": (9, lambda chance, steps: {}),
    "pass_step": (9, lambda chance, steps: {"opinion": "符合条件。", **({"step": chance.choice(steps)} if steps else {})}),
    "return_step": (1, lambda chance, steps: {"to": "review", "reason": "请补充核查记录。"}),
    "suspend": (2, lambda chance, steps: {"procedure": "expert_review", "clause": "行政许可法第四十五条", "days": 10}),
    "resume": (5, lambda chance, steps: {}),
    "extend": (1, lambda chance, steps: {"days": 5, "reason": "需要补充核查。"}),
    "decide": (6, _refusal),
    "deliver": (8, lambda chance, steps: {"way": "window"}),
    "withdraw": (1, lambda chance, steps: {}),
}  # fmt: skip
"""How often each act is chosen where several are possible, and what it takes."""


class Visitor:
    """One caller: each ``step`` is one write, told before it is sent and after it was answered."""

    def __init__(
        self,
        door: Door,
        crowd: Crowd,
        name: str,
        chance: Random,
        known: list[str],
        begin: Callable[[Sent], None],
        answered: Callable[[str, int, dict[str, Any]], None],
    ) -> None:
        self._door, self._crowd, self._name, self._chance = door, crowd, name, chance
        self._known, self._begin, self._answered = known, begin, answered
        self._serial = 0

    def step(self) -> Sent | None:
        """Hand in or act; ``None`` when the chosen case allows nothing (any more)."""
        sent = self._plan()
        if sent is not None:
            self._begin(sent)
            self.send(sent)
        return sent

    def send(self, sent: Sent) -> int:
        """Send a write, again if it was sent before."""
        answer = self._door.call("POST", sent.path, self._crowd.tokens[sent.who], sent.body, sent.key)
        self._answered(sent.key, answer.status, answer.body)
        if answer.status == 201:
            self._known.extend(case["number"] for case in answer.body["cases"])
        return answer.status

    def _plan(self) -> Sent | None:
        self._serial += 1
        key = f"{self._name}-{self._serial}"
        if not self._known or self._chance.random() < 0.3:
            return self._crowd.submission(key, self._chance)
        return self._act(key, self._chance.choice(self._known[-RECENT:]))

    def _act(self, key: str, number: str) -> Sent | None:
        choices = []
        for who in self._chance.sample(CAST, k=2):
            seen = self._door.call("GET", f"/api/v1/cases/{number}", self._crowd.tokens[who])
            if seen.status == 200:
                choices += [
                    (who, act, seen.body["steps"]) for act in seen.body["possible"] if act in PAYLOADS
                ]
        if not choices:
            return None
        [(who, act, steps)] = self._chance.choices(choices, [PAYLOADS[act][0] for _, act, _ in choices])
        body = {"act": act, **PAYLOADS[act][1](self._chance, steps)}
        text = json.dumps(body, ensure_ascii=False)
        return Sent(key, who, f"/api/v1/cases/{number}/acts", text, case=number)
