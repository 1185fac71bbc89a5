"""Console pages of people and rights: who may open them, what they do, odd addresses and forms."""

import pytest
from django.test import Client

from yimen.foundation.identity.models import Account, PostHolding, Role, RoleGrant
from yimen.foundation.identity.permissions import (
    ACCOUNT_MANAGE,
    AUDIT_READ,
    CLIENT_MANAGE,
    DELEGATION_MANAGE,
    LOCKOUT_MANAGE,
    ROLE_MANAGE,
)
from yimen.foundation.identity.tests.factories import PASSWORD, account, give, resident, role, staff
from yimen.foundation.orgs.tests.factories import centre, division, organisation, post

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.foundation.identity.tests.urls")]
BASE = "/console/people/"


@pytest.fixture(autouse=True)
def _fast(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def signed_in(*grants: str, **scope: object) -> Client:
    client = Client()
    client.force_login(staff(f"admin{Account.objects.count()}", grants, **scope))
    return client


@pytest.mark.parametrize(
    ("address", "grant"),
    [
        ("", ACCOUNT_MANAGE),
        ("new/", ACCOUNT_MANAGE),
        ("roles/", ROLE_MANAGE),
        ("roles/new/", ROLE_MANAGE),
        ("delegation/", DELEGATION_MANAGE),
        ("lockouts/", LOCKOUT_MANAGE),
        ("clients/", CLIENT_MANAGE),
        ("clients/new/", CLIENT_MANAGE),
        ("audit/", AUDIT_READ),
    ],
)
def test_each_page_opens_for_its_grant_only(address: str, grant: str) -> None:
    assert signed_in(grant).get(BASE + address).status_code == 200
    assert signed_in("desk:case:accept").get(BASE + address).status_code == 403
    assert Client().get(BASE + address).status_code == 302


@pytest.mark.parametrize("query", ["?page=abc", "?page=0", "?page=99999999999", "?kind=x&q=%00", "?page=²"])
def test_odd_addresses_are_answered(query: str) -> None:
    client = signed_in(ACCOUNT_MANAGE, ROLE_MANAGE)
    assert client.get(BASE + query).status_code == 200
    assert client.get(BASE + "roles/" + query).status_code == 200
    assert client.get(f"{BASE}9999999999999999999999/").status_code == 404


def test_the_list_costs_the_same_however_long(django_assert_max_num_queries) -> None:
    for number in range(25):
        account(f"clerk{number:02d}")
    client = signed_in(ACCOUNT_MANAGE)
    with django_assert_max_num_queries(8):
        page = client.get(BASE, {"q": "clerk"})
    assert page.context["page"].count == 25


def test_an_account_is_made_put_in_a_post_locked_and_unlocked() -> None:
    client = signed_in(ACCOUNT_MANAGE)
    bad = client.post(
        BASE + "new/", {"username": "x y", "display_name": "陈立", "kind": "staff", "password": PASSWORD}
    )
    assert bad.status_code == 422
    assert 'value="x y"' in bad.content.decode()
    weak = client.post(BASE + "new/", {"username": "chen", "kind": "staff", "password": "1"})
    assert set(weak.context["errors"]) == {"password"}
    form = {"username": "Chen", "display_name": "陈立", "kind": "staff", "password": PASSWORD}
    assert client.post(BASE + "new/", form).status_code == 302
    made = Account.objects.get(username="chen")
    assert client.post(f"{BASE}{made.pk}/posts/", {"post": "abc"}).status_code == 422
    assert client.post(f"{BASE}{made.pk}/posts/", {"post": str(post().pk)}).status_code == 302
    assert client.post(f"{BASE}{made.pk}/posts/", {"post": str(post().pk)}).status_code == 422
    page = client.get(f"{BASE}{made.pk}/").content.decode()
    assert "审批科" in page
    assert client.post(f"{BASE}{made.pk}/lock/", {"reason": ""}).status_code == 422
    assert client.post(f"{BASE}{made.pk}/lock/", {"reason": "离职"}).status_code == 302
    made.refresh_from_db()
    assert not made.is_active
    assert client.post(f"{BASE}{made.pk}/lock/", {"reason": "离职"}).status_code == 409
    assert client.post(f"{BASE}{made.pk}/unlock/").status_code == 302
    assert client.post(f"{BASE}{made.pk}/password/", {"password": "short"}).status_code == 422
    assert client.post(f"{BASE}{made.pk}/password/", {"password": PASSWORD}).status_code == 302
    holding = PostHolding.objects.get()
    assert client.post(f"{BASE}holdings/{holding.pk}/end/").status_code == 302


def test_a_county_administrator_manages_his_county_only() -> None:
    here, there = (
        staff("here", post=post()),
        staff("there", post=post(organisation=organisation("x", "邻区局", division=division("440198")))),
    )
    client = signed_in(ACCOUNT_MANAGE, division=division())
    assert client.post(f"{BASE}{there.pk}/lock/", {"reason": "x"}).status_code == 403
    assert client.post(f"{BASE}{here.pk}/lock/", {"reason": "x"}).status_code == 302
    citizen = resident("lin")
    give(citizen, role("r", "a:b:c"))
    assert client.post(f"{BASE}{citizen.pk}/lock/", {"reason": "x"}).status_code == 403


def test_a_resident_holds_no_post() -> None:
    client = signed_in(ACCOUNT_MANAGE)
    assert client.post(f"{BASE}{resident('lin').pk}/posts/", {"post": str(post().pk)}).status_code == 422


def test_a_role_is_made_and_changed_by_ticking_grants() -> None:
    client = signed_in(ROLE_MANAGE)
    form = {"code": "readers", "name": "查阅", "description": "", "grants": [AUDIT_READ]}
    assert client.post(BASE + "roles/new/", form).status_code == 302
    assert client.post(BASE + "roles/new/", form).status_code == 422
    assert client.get(BASE + "roles/readers/").status_code == 200
    assert client.get(BASE + "roles/nobody/").status_code == 404
    mixed = client.post(BASE + "roles/readers/", {**form, "grants": [AUDIT_READ, ACCOUNT_MANAGE]})
    assert mixed.status_code == 422
    assert "不能同时含有" in mixed.content.decode()
    strange = client.post(BASE + "roles/readers/", {**form, "grants": ["no:such:grant"]})
    assert set(strange.context["errors"]) == {"grants"}
    assert client.post(BASE + "roles/new/", {**form, "code": "Bad Code"}).status_code == 422
    assert Role.objects.get(code="readers").grants == [AUDIT_READ]
    assert client.post(BASE + "roles/readers/delete/").status_code == 302
    assert not Role.objects.filter(code="readers").exists()


def test_roles_are_given_and_taken_back_on_the_page() -> None:
    client, chen = signed_in(DELEGATION_MANAGE), account("chen")
    role("reviewing", "desk:case:review", name="审查")
    centre()
    form = {"username": "chen", "role": "reviewing", "division": "440199", "may_delegate": "1"}
    for change, field in (
        ({"username": "nobody"}, ""),
        ({"division": "999999"}, "division"),
        ({"organisation": "nowhere"}, "organisation"),
        ({"centre": "nowhere"}, "centre"),
        ({"valid_to": "someday"}, "valid_to"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"role": "nothing"}, ""),
    ):
        division()
        answer = client.post(BASE + "delegation/grant/", {**form, **change})
        assert answer.status_code == 422, change
        assert set(answer.context["errors"]) == {field}
    assert client.post(BASE + "delegation/grant/", form).status_code == 302
    row = RoleGrant.objects.get(account=chen)
    assert row.may_delegate
    assert "chen" in client.get(BASE + "delegation/").content.decode()
    own = Client()
    own.force_login(chen)
    assert own.get(BASE + "delegation/").status_code == 200
    assert own.post(f"{BASE}delegation/{row.pk}/revoke/").status_code == 403
    assert client.post(f"{BASE}delegation/{row.pk}/revoke/", {"reason": "调离"}).status_code == 302
    assert own.get(BASE + "delegation/").status_code == 403
    assert client.post(f"{BASE}delegation/999/revoke/").status_code == 404


def test_a_lock_out_is_released_on_the_page() -> None:
    assert signed_in(LOCKOUT_MANAGE).post(BASE + "lockouts/release/", {"username": "lin"}).status_code == 409


def test_a_system_is_registered_and_its_secret_shown_once() -> None:
    client = signed_in(CLIENT_MANAGE)
    account("tax", kind="system")
    account("chen")
    for bad in ({}, {"name": "税务", "username": "nobody"}, {"name": "税务", "username": "chen"}):
        assert client.post(BASE + "clients/new/", bad).status_code == 422
    answer = client.post(BASE + "clients/new/", {"name": "税务系统", "username": "tax"})
    assert answer.context["secret"] in answer.content.decode()
    assert answer.context["secret"] not in client.get(BASE + "clients/").content.decode()


def test_the_audit_administrator_reads_what_was_done() -> None:
    signed_in(ACCOUNT_MANAGE).post(BASE + "new/", {"username": "chen", "kind": "staff", "password": PASSWORD})
    page = signed_in(AUDIT_READ).get(BASE + "audit/", {"kind": "account"}).content.decode()
    assert "新建账户" in page
    assert signed_in(AUDIT_READ).get(BASE).status_code == 403
