"""Each page for each member of the cast: opened, or refused with 403; nobody else sees more than his scope."""

import pytest

from yimen.modules.cases.tests.factories import brought_to
from yimen.portals.console.tests.factories import CAST, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.portals.console.tests.urls")]

WATCH, TRACE, RUN = {"sun", "qian", "he"}, {"qian", "he", "shenji"}, {"root"}
PAGES = {
    "/console/": set(CAST) - {"lin", "chen", "zhao"},
    "/console/cases/": WATCH,
    "/console/cases/export.csv": WATCH,
    "/console/cases/export.xlsx": WATCH,
    "/console/time/": WATCH,
    "/console/trace/": TRACE,
    "/console/trace/readings/": TRACE,
    "/console/trace/seals/": TRACE,
    "/console/jobs/": RUN,
}


@pytest.mark.parametrize("name", CAST)
def test_every_page_for_every_member_of_the_cast(name):
    client = signed_in(name)
    for address, allowed in PAGES.items():
        assert client.get(address).status_code == (200 if name in allowed else 403), address


def test_a_stranger_is_asked_to_sign_in(client):
    for address in PAGES:
        answer = client.get(address)
        assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("name", ["qian", "sun"])
def test_the_case_is_read_by_those_in_whose_scope_it_lies(name):
    case, _ = brought_to("delivered")
    answer = signed_in(name).get(f"/console/cases/{case.number}/")
    assert answer.status_code == 200 and case.number in answer.text


@pytest.mark.parametrize("name", ["he", "shenji", "root", "lin"])
def test_a_case_out_of_scope_looks_like_none(name):
    case, _ = brought_to("submitted")
    assert signed_in(name).get(f"/console/cases/{case.number}/").status_code in (403, 404)


@pytest.mark.parametrize("address", ["/console/jobs/deliveries/1/retry/", "/console/jobs/sendings/1/retry/"])
def test_only_the_operator_retries(address):
    assert signed_in("qian").post(address).status_code == 403
    assert signed_in("root").post(address).status_code == 302


def test_odd_addresses_get_clear_answers():
    client = signed_in("qian")
    odd = "page=abc&from=nonsense&to=9999-99-99&state=x&sort=;drop&organisation=%00&q=%F0%9F%98%80&channel=no"
    for address in ("cases/", "time/", "trace/", "trace/readings/", "trace/seals/"):
        assert client.get(f"/console/{address}?{odd}").status_code == 200, address
    assert client.get("/console/cases/export.pdf").status_code == 404
    assert client.get("/console/cases/nothing/").status_code in (404, 403)
    assert client.get("/console/papers/nothing/").status_code == 404
    assert client.get("/console/trace/verify/99999999999999999999/").status_code == 404


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("qian", ["", "cases/", "time/"]),
        ("shenji", ["trace/", "trace/readings/", "trace/seals/"]),
        ("root", ["jobs/"]),
    ],
)
def test_every_page_has_one_heading_and_says_it_in_its_title(name, pages):
    client = signed_in(name)
    for address in pages:
        head, _, body = client.get(f"/console/{address}").text.partition("</head>")
        assert body.count("<h1>") == 1, address
        assert "<h1" not in head and "<title> -" not in head, address
