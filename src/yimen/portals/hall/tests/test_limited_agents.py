"""Somebody who may act in one matter only sees and does nothing in the others, on pages and through REST."""

import io
from typing import Any

import pytest
from django.test import Client

from yimen.foundation.files import api as files
from yimen.foundation.files.tests.factories import png
from yimen.foundation.identity import api as identity
from yimen.foundation.notices import api as notices
from yimen.kernel.actor import PLATFORM, Actor
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, handed_in, resident
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.tests.factories import make_standard
from yimen.portals.hall.tests.factories import client_of

pytestmark = pytest.mark.django_db


class Matters:
    """A firm with an application for two items and one for the second alone; an agent for the first item only."""

    def __init__(self) -> None:
        self.agent, self.owner = resident("吴建国"), resident("何老板")
        head = identity.person_with_id(self.owner.person_id or 0)
        self.firm = identity.find_or_register_entity(
            "甲乙丙餐饮有限公司", "91440101MA5D4K2B7T", AT, legal_representative=head
        )
        self.covered, self.other = make_standard(), make_standard()
        owner = self.actor_of(self.owner)
        firm = cases.ApplicantIn(kind="entity", name=self.firm.name, uscc=self.firm.uscc)
        codes = [self.covered.code, self.other.code]
        self.both = handed_in(owner, items=codes, applicant=firm)
        self.alone = handed_in(owner, items=[self.other.code], applicant=firm)
        self.let([self.covered.code])

    def let(self, scope: list[str]) -> None:
        agent = identity.person_with_id(self.agent.person_id or 0)
        identity.grant_representation(
            agent=agent, principal_entity=self.firm, scope=scope, actor=PLATFORM, at=AT
        )

    def actor_of(self, person: Actor) -> Actor:
        return identity.actor_of(self.account(person), AT)

    def account(self, person: Actor) -> identity.Account:
        return identity.Account.objects.get(pk=person.account_id)

    def case(self, application: cases.Application, standard: PublishedStandard) -> cases.Case:
        return cases.Case.objects.get(application=application, item__code=standard.code)


@pytest.fixture
def matters() -> Matters:
    return Matters()


def test_pages_show_the_covered_case_and_nothing_of_the_others(matters: Matters) -> None:
    browser = client_of(matters.agent)
    seen, hidden = matters.case(matters.both, matters.covered), matters.case(matters.both, matters.other)
    page = browser.get(f"/my/{matters.both.number}/").content.decode()
    assert seen.number in page and hidden.number not in page
    assert "收件凭证" not in page
    assert browser.get(f"/my/cases/{seen.number}/").status_code == 200
    listed = browser.get("/my/").content.decode()
    assert seen.number in listed and hidden.number not in listed
    assert listed.count('class="matter"') == 1
    for address in (
        f"/my/{matters.alone.number}/", f"/my/{matters.both.number}/receipt/", f"/my/cases/{hidden.number}/",
        f"/my/cases/{hidden.number}/withdraw/", f"/my/cases/{hidden.number}/correct/",
    ):  # fmt: skip
        assert browser.get(address).status_code == 404, address
    assert browser.post(f"/my/cases/{hidden.number}/withdraw/").status_code == 404
    assert client_of(matters.owner).get(f"/my/{matters.both.number}/receipt/").status_code == 302


def test_files_open_only_for_the_covered_case(matters: Matters) -> None:
    stored = files.store("scan.png", io.BytesIO(png()), matters.owner, AT)
    keys = {}
    for standard in (matters.covered, matters.other):
        row = cases.Material.objects.create(
            application=matters.both, case=matters.case(matters.both, standard), requirement="licence", name="营业执照",
            source="file", file=stored, handed_in_at=AT,
        )  # fmt: skip
        keys[standard.code] = row.pk
    browser = client_of(matters.agent)
    assert browser.get(f"/my/files/{keys[matters.covered.code]}/").status_code == 200
    assert browser.get(f"/my/files/{keys[matters.other.code]}/").status_code == 404


def test_rest_shows_and_does_no_more_than_the_pages(matters: Matters) -> None:
    token = identity.issue_token(matters.account(matters.agent), AT)
    seen, hidden = matters.case(matters.both, matters.covered), matters.case(matters.both, matters.other)

    def call(method: str, path: str, body: Any = None) -> Any:
        return Client().generic(
            method, f"/api/v1{path}", body or "", "application/json", headers={"Authorization": f"Bearer {token}"}
        )  # fmt: skip

    told = call("GET", f"/applications/{matters.both.number}").json()
    assert [case["number"] for case in told["cases"]] == [seen.number]
    listed = call("GET", "/cases").json()
    assert (listed["count"], [row["number"] for row in listed["results"]]) == (1, [seen.number])
    assert "withdraw" in call("GET", f"/cases/{seen.number}").json()["possible"]
    for path in ("", "/trace", "/ledger"):
        assert call("GET", f"/cases/{seen.number}{path}").status_code == 200
        assert call("GET", f"/cases/{hidden.number}{path}").status_code == 404
    assert call("GET", f"/applications/{matters.alone.number}").status_code == 404
    withdraw = '{"act": "withdraw"}'
    assert call("POST", f"/cases/{hidden.number}/acts", withdraw).status_code == 404
    assert call("POST", f"/cases/{seen.number}/acts", withdraw).status_code == 200
    hidden.refresh_from_db()
    assert hidden.state == "submitted"


def test_messages_of_the_firm_are_for_whoever_acts_in_every_matter(matters: Matters) -> None:
    notices.notify(entity=matters.firm, title="有一份材料要补正", at=AT)
    assert not notices.notices_of(matters.actor_of(matters.agent)).exists()
    matters.let([])
    assert notices.notices_of(matters.actor_of(matters.agent)).exists()
    assert cases.own_cases(matters.actor_of(matters.agent)).count() == 3


def test_a_limit_costs_no_statement(matters: Matters, django_assert_num_queries: Any) -> None:
    limited, free = matters.actor_of(matters.agent), matters.actor_of(matters.owner)
    for actor, count in ((limited, 1), (free, 2)):
        with django_assert_num_queries(1):
            assert len(cases.own_applications(actor)) == count
        with django_assert_num_queries(4):  # the application, its cases, their items and organisations
            cases.application_with_number(matters.both.number, actor).cases.all()
