"""The calls that are measured: who makes them, and what each carries. No two applications are alike."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yimen.foundation.identity.api import Account, Person, issue_token
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.items import api as items
from yimen.site.demo.cases import answers

ITEM = "food-business-new"
"""The district's fullest permit: 19 form fields, 9 materials, 3 review steps."""
CLERK, OFFICER = "chen", "zhao"
VARIED = "premises_name"


@dataclass(frozen=True)
class Call:
    """One prepared request."""

    method: str
    path: str
    token: str
    body: str = ""

    def text(self) -> str:
        """The whole HTTP/1.1 request."""
        payload = (
            f"Content-Type: application/json\r\nContent-Length: {len(self.body.encode())}\r\n"
            if self.body
            else ""
        )
        return (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
            f"{payload}\r\n{self.body}"
        )


class Calls:
    """Makes calls of every kind for one store."""

    def __init__(self, at: datetime) -> None:
        self.clerk, self.officer = (
            issue_token(Account.objects.get(username=name), at, timedelta(hours=6))
            for name in (CLERK, OFFICER)
        )
        standard = items.current(ITEM, at.astimezone(CHINA).date())
        self._item = standard.code
        self._form = answers(standard)
        self._papers = [
            {"requirement": m.code, "paper": True}
            for m in cases.required_materials(standard.content, self._form)
        ]
        self._people = list(Person.objects.order_by("id")[:500])
        self._serial = 0

    def submissions(self, count: int) -> list[Call]:
        """Applications that a window clerk hands in for registered residents, each with its own content."""
        return [self._submission() for _ in range(count)]

    def acceptances(self, numbers: list[str]) -> list[Call]:
        """A reviewer of the deciding authority accepts."""
        return [
            Call("POST", f"/api/v1/cases/{number}/acts", self.officer, json.dumps({"act": "accept"}))
            for number in numbers
        ]

    def readings(self, numbers: list[str]) -> list[Call]:
        """The same reviewer reads single cases."""
        return [Call("GET", f"/api/v1/cases/{number}", self.officer) for number in numbers]

    def lists(self) -> list[Call]:
        """The same reviewer lists 20 of the authority's cases, with the exact total."""
        return [Call("GET", "/api/v1/cases?size=20", self.officer)]

    def _submission(self) -> Call:
        self._serial += 1
        person = self._people[self._serial % len(self._people)]
        told = {"kind": "person", "name": person.name, "id_number": person.id_number, "phone": person.phone}
        body: dict[str, Any] = {
            "items": [self._item],
            "applicant": told,
            "form": {**self._form, VARIED: f"{self._form[VARIED]}{self._serial}号店"},
            "materials": self._papers,
            "channel": "window",
            "centre": "lanjiang",
        }
        return Call("POST", "/api/v1/applications", self.clerk, json.dumps(body, ensure_ascii=False))
