"""Who may open what: every address of the site, for every member of the cast and a stranger, reading and writing.

The expectation comes from what each route declares and from the grants of the member's role, so a new page is in the
matrix the moment it has an address, and fails when it declares nothing.
"""

from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.district import AT, District
from tests.security.routes import BORROWED, Operation, Route, operations, pages, patterns
from yimen.kernel.access import PUBLIC, SIGNED_IN
from yimen.kernel.actor import Actor
from yimen.kernel.clock import travel_to
from yimen.site.demo.cast import CAST

PAGES, OPERATIONS = pages(), operations()
EVERYBODY = ("", *(member.username for member in CAST))
METHODS = ("GET", "POST")
UNDECLARED: set[str] = set()
"""The calendar lies below the register of grants; identity has to declare it for it."""


@pytest.fixture(scope="module")
def sessions(_standing: District, django_db_blocker: Any) -> dict[str, str]:
    """A session of each member, by username."""
    found = {}
    with django_db_blocker.unblock(), travel_to(AT):
        for username in EVERYBODY[1:]:
            found[username] = _standing.page(username).cookies[settings.SESSION_COOKIE_NAME].value
    return found


@pytest.fixture(scope="module")
def tokens(_standing: District, django_db_blocker: Any) -> dict[str, str]:
    """A token of each member; a false one of the stranger."""
    with django_db_blocker.unblock():
        return {"": "x"} | {username: _standing.caller(username).token for username in EVERYBODY[1:]}


@pytest.fixture(scope="module")
def actors(_standing: District, django_db_blocker: Any) -> dict[str, Actor]:
    with django_db_blocker.unblock():
        return {username: _standing.actor(username) for username in EVERYBODY[1:]}


def ask(method: str, path: str, session: str = "", body: bytes = b"", **headers: str) -> Any:
    """One request that leaves nothing behind."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        response = client.generic(method, path, body or (b"{}" if path.startswith("/api/") else b""), headers=headers, **(
            {"content_type": "application/json"} if path.startswith("/api/") else
            {"content_type": "application/x-www-form-urlencoded"}
        ))  # fmt: skip
        transaction.set_rollback(True)
    return response


def sent_to_sign_in(response: Any) -> bool:
    return response.status_code == 302 and "/accounts/login/" in response["Location"]


def fault(route: Route, method: str, username: str, may: bool, response: Any) -> str:
    """What is wrong with the answer, in the matrix's words; "" when nothing is."""
    status, place = (
        response.status_code,
        f"{method} {route.path} as {username or 'a stranger'}: {response.status_code}",
    )
    if status >= 500:
        return f"{place}: fails"
    if status == 405:
        return ""
    if route.access == (PUBLIC,):
        return f"{place}: public, yet refused" if status == 401 else ""
    if not username:
        shut = sent_to_sign_in(response) or (route.borrowed and status in (302, 400, 401, 403, 404))
        return "" if shut else f"{place}: open to a stranger"
    if not may:
        return "" if status == 403 else f"{place}: open without {route.access}"
    if sent_to_sign_in(response) and not route.borrowed:
        return f"{place}: sent to sign in although signed in"
    return ""


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.address or "/")
def test_pages(district: District, sessions: dict[str, str], actors: dict[str, Actor], route: Route) -> None:
    assert route.access, f"{route.address} says nothing about who may open it"
    wrong = []
    for username in EVERYBODY:
        everybody = {PUBLIC, SIGNED_IN} & set(route.access)
        may = bool(username) and (bool(everybody) or actors[username].may_any(route.access))
        for method in METHODS:
            response = ask(method, route.path, sessions.get(username, ""))
            wrong.append(fault(route, method, username, may, response))
    assert [line for line in wrong if line] == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.method} {o.address}")
def test_operations(
    district: District, sessions: dict[str, str], tokens: dict[str, str], operation: Operation
) -> None:
    for username in EVERYBODY:
        for headers in ({}, {"Authorization": f"Bearer {tokens[username]}"}):
            session = sessions.get(username, "") if not headers else ""
            response = ask(operation.method, operation.path, session, **headers)
            place = (username, bool(headers), response.status_code, response.content[:300])
            assert response.status_code < 500, place
            if operation.public:
                assert response.status_code not in (401, 403), place
            elif not username:
                assert response.status_code == 401, place
            else:
                assert response.status_code != 401, place


@pytest.mark.parametrize(
    "operation", [o for o in OPERATIONS if not o.public], ids=lambda o: f"{o.method} {o.address}"
)
def test_operations_by_session_need_the_mark_against_forgery(
    district: District, sessions: dict[str, str], operation: Operation
) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = sessions["chen"]
    response = client.generic(operation.method, operation.path, b"{}", content_type="application/json")
    if operation.method == "GET":
        assert response.status_code not in (401, 403)
    else:
        assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")


def test_nothing_public_is_borrowed_unawares() -> None:
    """Every public page of the sign-in library is one that exists: the table holds no dead names."""
    addresses = {address for address, _ in patterns()}
    assert BORROWED.keys() - addresses == set()


def test_the_matrix_sees_everything() -> None:
    assert len(PAGES) > 40
    assert {o.address for o in OPERATIONS} >= {"/api/v1/cases/{number}/acts", "/api/v1/files", "/api/v1/me"}


def test_a_page_that_declares_nothing_fails() -> None:
    silent = Route("somewhere/", None, borrowed=False)
    with pytest.raises(AssertionError, match="says nothing"):
        test_pages(None, {}, {}, silent)  # type: ignore[arg-type]


def test_grants_of_pages_exist() -> None:
    """A page guarded by a grant that nobody declared could be opened by nobody."""
    from yimen.foundation.identity.grants import undeclared

    asked = {grant for r in PAGES for grant in r.access or ()} - {PUBLIC, SIGNED_IN}
    assert set(undeclared(asked)) <= UNDECLARED
