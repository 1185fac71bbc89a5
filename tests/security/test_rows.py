"""Somebody else's rows in every address that names one: made from the routes, so that a new one has to say whose it is.

For each member of the cast who is not among those who may see the thing, the answer must be the one for a thing that does
not exist; and somebody among those who may must get another answer, or the test would prove nothing.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.district import AT, FOOD, MADE, STAFF, STREET, District
from tests.security.routes import GROUP, PARAMETER, operations, pages
from tests.security.rows import MAY, ROWS
from tests.security.test_guessing import ABSENT, _bare, alike, asked_for
from tests.security.test_matrix import ask
from yimen.foundation.identity.models import Representation
from yimen.foundation.notices import api as notices
from yimen.kernel.access import SIGNED_IN
from yimen.kernel.actor import Actor
from yimen.kernel.clock import travel_to
from yimen.modules.authoring.models import ImportRun
from yimen.modules.cases import api as cases
from yimen.modules.issuing import api as issuing
from yimen.modules.supervision import api as supervision
from yimen.modules.supervision.models import Card, Rule
from yimen.site.demo.cast import CAST

ROOT = Path(settings.SRC).parent.parent
EVERYBODY = [
    m.username
    for m in (*CAST, *STAFF)
    if m.username
    not in ("anquan", "fang", "shenji", "root", "scjgj-li", "cgj-shen", "zrzyj-shen", "wglj-shen", "cgj-cha")
]
NAMED = {
    **{route.address: "GET POST" for route in pages() if not route.borrowed and (PARAMETER.search(route.address) or GROUP.search(route.address))},
    **{f"{o.method} {o.address}": o.method for o in operations() if "{" in o.address},
}  # fmt: skip
SCOPED = sorted(place for place, kind in ROWS.items() if kind in MAY)
NOTHING = "987654321"
ABSENT_OF = {"P": "P449901202603029999"}
ACCESS = {route.address: route.access or () for route in pages()}
BODIES = {
    "POST /api/v1/applications/{number}/acts": b'{"act": "accept_together"}',
    "POST /api/v1/cases/{number}/acts": b'{"act": "accept"}',
    "POST /api/v1/cards/{number}/acts": b'{"act": "decide"}',
}
SAID = {"act": "accept", "name": "accept", "stage": "site", "kind": "site", "form": "pdf"}


def test_every_address_that_names_something_says_whose_it_is() -> None:
    assert NAMED.keys() - ROWS.keys() == set(), "say in tests/security/rows.py whose these are"
    assert ROWS.keys() - NAMED.keys() == set(), "these addresses are gone"


def test_tests_named_for_rows_exist() -> None:
    for kind in ROWS.values():
        if "::" in kind:
            path, _, name = kind.partition("::")
            assert f"def {name}(" in (ROOT / path).read_text("utf-8"), kind


@pytest.fixture(scope="module")
def sessions(_standing: District, django_db_blocker: Any) -> dict[str, str]:
    """A session of everybody, by username."""
    with django_db_blocker.unblock(), travel_to(AT):
        return {u: _standing.page(u).cookies[settings.SESSION_COOKIE_NAME].value for u in EVERYBODY}


@pytest.fixture(scope="module")
def tokens(_standing: District, django_db_blocker: Any) -> dict[str, str]:
    with django_db_blocker.unblock():
        return {username: _standing.caller(username).token for username in EVERYBODY}


@pytest.fixture(scope="module")
def things(_standing: District, django_db_blocker: Any) -> dict[str, dict[str, str]]:
    """One thing of each kind, as the values that addresses name it by."""
    with django_db_blocker.unblock(), travel_to(AT):
        return _made(_standing)


def _made(district: District) -> dict[str, dict[str, str]]:
    number = district.case("lin", STREET)
    case = cases.Case.objects.get(number=number)
    paper = issuing.issue_receipt(case.application_id)
    material = cases.Material.objects.filter(case=case).values_list("pk", flat=True)[0]
    message = notices.notify(person=district.person("lin"), title="请来领取", at=AT)
    mandate = Representation.objects.get(agent=district.person("wu"))
    run = ImportRun.objects.create(actor=district.account("wen"), file_name="目录.csv", created_at=AT)
    return {
        "application": {"number": case.application.number},
        "case": {"number": number, "material": str(material), "sequence": "1"},
        "received": {"number": district.handed_in("chen", FOOD)["number"]},
        "material": {"key": str(material)},
        "paper": {"code": paper.verification_code},
        "message": {"key": str(message.pk)},
        "representation": {"key": str(mandate.pk)},
        "card": {"number": _card(case).number, "key": "1"},
        "import": {"pk": str(run.pk)},
    }


def _card(case: cases.Case) -> Card:
    supervision.seed_rules(MADE)
    rule = Rule.objects.filter(is_on=True, answerable=True).order_by("pk")[0]
    return Card.objects.create(
        number="P449901202603020001", rule=rule, rule_code=rule.code, kind=rule.kind, colour=rule.colour, occasion="1",
        case=case, organisation=case.organisation, division="449901000000", holder="城管审查", sentence="超期",
        occurred_at=AT, issued_at=AT, state="issued", due_at=AT + timedelta(days=3),
    )  # fmt: skip


def filled(place: str, values: dict[str, str]) -> tuple[str, str]:
    """The address of a place with a thing's own values, and the same with values of nothing."""
    address = place.partition(" ")[2] or f"/{place}"
    pattern = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\{(?P<rest>\w+)\}")

    def put(found: re.Match[str], real: bool) -> str:
        name = found["name"] or found["rest"]
        if name not in values:
            return SAID[name]
        return (
            values[name]
            if real
            else (NOTHING if found["kind"] == "int" else ABSENT_OF.get(values[name][0], ABSENT))
        )

    return pattern.sub(lambda m: put(m, True), address), pattern.sub(lambda m: put(m, False), address)


@pytest.mark.parametrize("place", SCOPED)
def test_rows_of_others_are_not_there(
    district: District,
    sessions: dict[str, str],
    tokens: dict[str, str],
    things: dict[str, dict[str, str]],
    place: str,
) -> None:
    kind = ROWS[place]
    asked, absent = filled(place, things[kind])
    seen, wrong = set(), []
    for username in EVERYBODY:
        if place in ACCESS and not may_open(ACCESS[place], district.actor(username)):
            continue  # the matrix of grants has shown that the page stays shut
        for method in NAMED[place].split():
            headers = {"Authorization": f"Bearer {tokens[username]}"} if asked.startswith("/api/") else {}
            session = "" if headers else sessions[username]
            theirs, nothing = (
                ask(method, path, session, BODIES.get(place, b""), **headers) for path in (asked, absent)
            )
            if same(asked, absent, theirs, nothing):
                continue
            seen.add(username)
            if username not in MAY[kind]:
                wrong.append((username, method, theirs.status_code, nothing.status_code))
    assert wrong == []
    assert seen, f"nobody sees {asked}: the test shows nothing"


def may_open(access: tuple[str, ...], actor: Actor) -> bool:
    return SIGNED_IN in access or actor.may_any(access)


def same(asked: str, absent: str, theirs: Any, nothing: Any) -> bool:
    """Is the answer the one for a thing that is not there?"""
    if theirs.status_code == nothing.status_code == 403:
        return True
    if asked.startswith("/api/"):
        return (theirs.status_code, _bare(theirs.content, *asked_for(asked))) == (
            nothing.status_code, _bare(nothing.content, *asked_for(absent))
        )  # fmt: skip
    return alike(asked, absent, theirs, nothing)
