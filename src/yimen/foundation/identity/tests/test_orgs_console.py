"""Console pages of organisations, centres, divisions and parameters (here, where accounts are known)."""

import pytest
from django.test import Client

from yimen.foundation.identity.tests.factories import staff
from yimen.foundation.orgs.models import Centre, Organisation
from yimen.foundation.orgs.permissions import ORGANISATION_MANAGE
from yimen.foundation.orgs.tests.factories import division, organisation
from yimen.foundation.params.models import Param
from yimen.foundation.params.permissions import PARAM_MANAGE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.foundation.identity.tests.urls")]
BASE = "/console/orgs/"
PARAM = "/console/params/identity.staff_second_factor/"


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(staff("root", (ORGANISATION_MANAGE, PARAM_MANAGE)))
    return client


def test_pages_open_for_the_grant_only(admin: Client) -> None:
    clerk = Client()
    clerk.force_login(staff("chen", ("desk:case:accept",)))
    organisation()
    for address in (
        "",
        "new/",
        "centres/",
        "centres/new/",
        "divisions/",
        "scjgj/",
        "?page=x&division=x&q=%00",
    ):
        assert admin.get(BASE + address).status_code == 200, address
        assert clerk.get(BASE + address).status_code == 403
    for address in ("divisions/?code=4401", "divisions/?q=示范", "divisions/?code=abc"):
        assert admin.get(BASE + address).status_code == 200, address
    assert admin.get(BASE + "divisions/?code=99").status_code == 404
    assert admin.get(BASE + "nowhere/").status_code == 404


def test_an_organisation_lives_through_the_pages(admin: Client) -> None:
    division()
    bad = admin.post(BASE + "new/", {"code": "坏", "name": "民政局", "division": "440199"})
    assert bad.status_code == 422
    assert 'value="民政局"' in bad.content.decode()
    assert set(admin.post(BASE + "new/", {"division": "xx"}).context["errors"]) == {"division"}
    form = {"code": "mzj", "name": "示范区民政局", "division": "440199", "kind": "department"}
    assert admin.post(BASE + "new/", form).status_code == 302
    assert admin.post(BASE + "mzj/rename/", {"name": "示范区民政和社会局", "on": "x"}).status_code == 422
    assert (
        admin.post(BASE + "mzj/rename/", {"name": "示范区民政和社会局", "on": "2026-01-01"}).status_code
        == 302
    )
    assert "曾用名" in admin.get(BASE + "mzj/").content.decode()
    assert admin.post(BASE + "mzj/contact/", {"phone": "020-1", "address": "某路"}).status_code == 302
    assert admin.post(BASE + "mzj/posts/", {"post_code": "坏", "post_name": "科"}).status_code == 422
    assert admin.post(BASE + "mzj/posts/", {"post_code": "sqk", "post_name": "社区科"}).status_code == 302
    made = Organisation.objects.get(code="mzj")
    assert admin.post(f"{BASE}posts/{made.posts.get().pk}/close/").status_code == 302
    assert admin.post(f"{BASE}posts/999999/close/").status_code == 404
    assert admin.post(BASE + "mzj/dissolve/", {"dissolve_on": ""}).status_code == 422
    assert admin.post(BASE + "mzj/dissolve/", {"dissolve_on": "2026-02-01"}).status_code == 302
    assert "mzj" not in admin.get(BASE).content.decode()
    assert "mzj" in admin.get(BASE, {"dissolved": "1"}).content.decode()


def test_a_centre_is_made_and_changed(admin: Client) -> None:
    division()
    assert (
        admin.post(BASE + "centres/new/", {"code": "zx", "name": "", "division": "440199"}).status_code == 422
    )
    form = {"code": "zx", "name": "区中心", "division": "440199", "hours": "周一至周五 9:00—17:00"}
    assert admin.post(BASE + "centres/new/", form).status_code == 302
    assert admin.post(BASE + "centres/zx/", {"name": "区政务中心", "hours": ""}).status_code == 302
    assert Centre.objects.get(code="zx").name == "区政务中心"


def test_a_parameter_is_set_on_the_page(admin: Client) -> None:
    assert admin.get("/console/params/").status_code == 200
    assert admin.get("/console/params/no.such/").status_code == 404
    for bad, field in (
        ({"value": "也许", "valid_from": "2026-01-01"}, "value"),
        ({"value": "否", "valid_from": ""}, "valid_from"),
        ({"value": "否", "valid_from": "2026-01-01", "division": "abc"}, "division"),
    ):
        answer = admin.post(PARAM, bad)
        assert (answer.status_code, set(answer.context["errors"])) == (422, {field})
    assert (
        admin.post(PARAM, {"value": "否", "valid_from": "2026-01-01", "clause": "区府办"}).status_code == 302
    )
    assert Param.objects.get().value is False
    assert "区府办" in admin.get(PARAM).content.decode()
