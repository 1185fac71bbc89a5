"""What is asked thousands of times an hour: how many statements it costs, and that SQL written once answers as the plain way."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yimen.foundation.identity.api import actor_of, issue_token
from yimen.foundation.identity.tests.factories import give, role
from yimen.foundation.identity.tests.factories import staff as identity_staff
from yimen.kernel.actor import Scope
from yimen.kernel.clock import now
from yimen.modules.cases import listing, queries
from yimen.modules.cases.models import Case
from yimen.modules.cases.services.tallying import tally_closed
from yimen.modules.cases.tests.factories import (
    AT,
    CLERK_GRANTS,
    OFFICE_GRANTS,
    brought_to,
    handed_in,
    id_number,
    make_centre,
    officer,
)
from yimen.modules.items.tests.factories import make_organisation, make_standard

pytestmark = pytest.mark.django_db
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def _token(username: str, grants: tuple[str, ...], **scope: object) -> str:
    account = identity_staff(username, ())
    give(account, role(f"role_{username}", *grants), **scope)
    assert actor_of(account, now()).may(grants[0])
    return issue_token(account, now())


def _cost(client: Client, method: str, path: str, token: str, body: object = None) -> tuple[int, dict]:
    text = json.dumps(body) if body is not None else ""
    with CaptureQueriesContext(connection) as captured:
        answer = client.generic(
            method, path, text, "application/json", headers={"Authorization": f"Bearer {token}"}
        )
    assert answer.status_code < 300, answer.content.decode()
    told = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(TRANSACTION)]
    # numbers are taken in blocks, but not inside the transaction of a test
    return len([text for text in told if "serialcounter" not in text]), answer.json()


def test_each_call_keeps_its_budget_of_statements(client: Client) -> None:
    centre = make_centre()
    clerk = _token("clerk1", CLERK_GRANTS, centre=centre)
    office = _token("office1", OFFICE_GRANTS, organisation=make_organisation())
    costs: dict[str, int] = {}
    known, measured = make_standard(), make_standard()
    for serial in (1, 2, 3):
        for standard in (
            known,
            measured,
        ):  # the second time the person is known, and from the second round on the item
            body = {
                "items": [standard.code],
                "applicant": {
                    "kind": "person", "name": "林晓燕", "id_number": id_number(serial), "phone": "13800138000"
                },
                "materials": [{"requirement": "application", "paper": True}],
                "channel": "window", "centre": centre.code,
            }  # fmt: skip
            costs["submit"], made = _cost(client, "POST", "/api/v1/applications", clerk, body)
        number = made["cases"][0]["number"]
        costs["accept"], _ = _cost(client, "POST", f"/api/v1/cases/{number}/acts", office, {"act": "accept"})
        costs["read"], _ = _cost(client, "GET", f"/api/v1/cases/{number}", office)
        costs["list"], listed = _cost(client, "GET", "/api/v1/cases?size=20", office)
        assert listed["count"] == 2 * serial
    limits = {"submit": 8, "accept": 9, "read": 3, "list": 3}
    assert {name: cost for name, cost in costs.items() if cost > limits[name]} == {}


@pytest.mark.parametrize("state", ["", "open", "submitted", "delivered"])
@pytest.mark.parametrize("overdue", [None, True, False])
@pytest.mark.parametrize("tallied", [True, False])
def test_an_office_list_tells_what_the_plain_query_tells(
    state: str, overdue: bool | None, tallied: bool
) -> None:
    brought_to("delivered")
    assert not tallied or tally_closed() == 1
    brought_to("accepted")
    handed_in(items=[make_standard(organisation=make_organisation("elsewhere")).code])
    handed_in(items=[make_standard().code], draft=True)
    at = AT + timedelta(days=200)
    for actor in (officer(), officer(make_organisation("elsewhere")), officer(make_organisation("nowhere"))):
        rows = queries.cases_visible_to(actor)
        rows = {"": rows, "open": rows.filter(is_open=True)}.get(state, rows.filter(state=state))
        late = rows.filter(is_open=True, due_at__lt=at).values("pk")
        if overdue is not None:
            rows = rows.filter(pk__in=late) if overdue else rows.exclude(pk__in=late)
        page = listing.list_cases(actor, at, state=state, overdue=overdue)
        plain = list(rows.order_by("-id"))
        assert [line.number for line in page.results] == [case.number for case in plain]
        assert [line.applicant for line in page.results] == [c.application.applicant_label for c in plain]
        assert page.count == len(page.results) and all(line.applicant for line in page.results)


def test_scopes_of_one_shape_do_not_mix() -> None:
    mine, theirs = make_organisation("mine"), make_organisation("theirs")
    for organisation in (mine, theirs):
        handed_in(items=[make_standard(organisation=organisation).code])
    for organisation in (mine, theirs, mine):
        page = listing.list_cases(officer(organisation), AT)
        assert [line.organisation for line in page.results] == [organisation.code]
    both = officer(mine)
    scopes = (Scope(organisation_id=mine.pk), Scope(organisation_id=theirs.pk))
    both.grants["desk:case:read"] = scopes  # type: ignore[index]
    assert listing.list_cases(both, AT).count == 2


def test_a_case_in_brief_is_the_row_itself() -> None:
    case, office = brought_to("in_review")
    brief = queries.case_in_brief(case.number, office)
    whole = Case.objects.get(pk=case.pk)
    for field in Case._meta.concrete_fields:
        assert getattr(brief, field.attname) == getattr(whole, field.attname), field.name
    with pytest.raises(Exception, match="没有找到"):
        queries.case_in_brief(case.number, officer(make_organisation("stranger")))
