"""Somebody else's things, asked for by number, key, digest or code: the same answer as for what does not exist."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.district import AT, FOOD, SIGN, STREET, TRADER, Answer, District, shop
from yimen.foundation.identity import api as identity
from yimen.foundation.identity.models import RoleGrant
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.clock import travel_to
from yimen.kernel.errors import NotFound
from yimen.modules.cases import api as cases
from yimen.modules.issuing import api as issuing

ABSENT = "4499012603029999990"


def same_but_for(number: str, other: str, one: Any, two: Any) -> bool:
    """Are two answers alike once what was asked for is taken out of them?"""
    return _bare(one, number) == _bare(two, other)


def alike(asked: str, absent: str, theirs: Any, nothing: Any) -> bool:
    """Are two pages alike, and neither of them more than an answer that there is nothing?"""
    if theirs.status_code != nothing.status_code or theirs.status_code not in (302, 404, 405):
        return False
    one, two = (_bare(page.content, *asked_for(path)) for page, path in ((theirs, asked), (nothing, absent)))
    there, elsewhere = (
        _bare(page.headers.get("Location", ""), *asked_for(path))
        for page, path in ((theirs, asked), (nothing, absent))
    )
    return (one, there) == (two, elsewhere)


def asked_for(path: str) -> list[str]:
    """The parts of an address that name something, the longest first."""
    parts = [part for part in path.split("/") if any(c.isdigit() for c in part) or part.isupper()]
    named = {p for p in (*parts, *(part.rsplit("-", 1)[0] for part in parts)) if len(p) > 3}
    return [path, quote(path, safe=""), *sorted(named, key=len, reverse=True)]


def _bare(body: Any, *numbers: str) -> str:
    text = body.decode() if isinstance(body, bytes) else str(body)
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = re.sub(r'data-csrf="\w+"|hx-headers=\S+ \S+', "", text)
    for number in numbers:
        text = text.replace(number, "…")
    return text


@pytest.mark.parametrize(
    "username", ["wang", "wu", "hong", "zhao", "zrzyj-shen", "he", "root", "anquan", "shenji", "wen"]
)
@pytest.mark.parametrize("part", ["", "/trace", "/ledger"])
def test_a_case_of_others_is_not_there(district: District, username: str, part: str) -> None:
    number, caller = district.case("lin", STREET), district.caller(username)
    theirs, nothing = caller.get(f"/cases/{number}{part}"), caller.get(f"/cases/{ABSENT}-1{part}")
    assert (theirs.status, nothing.status) == (404, 404)
    assert same_but_for(number, f"{ABSENT}-1", theirs.body, nothing.body)
    application = number.rsplit("-", 1)[0]
    theirs, nothing = caller.get(f"/applications/{application}"), caller.get(f"/applications/{ABSENT}")
    assert (theirs.status, nothing.status) == (404, 404)
    assert same_but_for(application, ABSENT, theirs.body, nothing.body)


@pytest.mark.parametrize("name", sorted(cases.ACTS))
def test_no_act_upon_a_case_of_others(district: District, name: str) -> None:
    number = district.case("lin", STREET)
    for username in ("wang", "hong", "zhao", "sun"):
        caller = district.caller(username)
        theirs, nothing = caller.act(number, name), caller.act(f"{ABSENT}-1", name)
        assert (theirs.status, nothing.status) == (404, 404)
        assert same_but_for(number, f"{ABSENT}-1", theirs.body, nothing.body)


def test_a_draft_is_not_there_for_offices(district: District) -> None:
    draft = district.handed_in("lin", STREET, draft=True, centre="lanjiang")["cases"][0]["number"]
    for username in ("cgj-shen", "cgj-zhang", "chen", "qian", "he"):
        assert district.caller(username).get(f"/cases/{draft}").status == 404, username
        assert district.caller(username).get("/cases").body["count"] == 0
    assert district.caller("lin").get(f"/cases/{draft}").status == 200


def test_a_file_of_others_cannot_be_handed_in(district: District) -> None:
    digest = district.file_of("lin", b"\n% of Lin alone")
    body = district.application("wang", STREET)
    body["materials"] = [{"requirement": "application", "file": digest}]
    theirs = district.caller("wang").post("/applications", body)
    body["materials"] = [{"requirement": "application", "file": "0" * 64}]
    nothing = district.caller("wang").post("/applications", body)
    assert (theirs.status, nothing.status) == (422, 422)
    assert same_but_for(digest[:12], "0" * 12, theirs.body, nothing.body)


def test_knowing_the_digest_is_not_having_the_file(district: District) -> None:
    """Handing in the same content oneself is the only way to use it."""
    district.file_of("lin")
    digest = district.file_of("wang")
    body = district.application("wang", STREET)
    body["materials"] = [{"requirement": "application", "file": digest}]
    assert district.caller("wang").post("/applications", body).status == 201


def test_a_paper_of_others_is_not_there(district: District) -> None:
    application = district.handed_in("lin", STREET)
    paper = issuing.issue_receipt(cases.Application.objects.get(number=application["number"]).pk)
    for username in ("wang", "zhao", "hong"):
        sentences = []
        for code in (paper.verification_code, "AAAAAAAAAAAA"):
            with pytest.raises(NotFound) as refused:
                issuing.readable_document(code, district.actor(username))
            sentences.append(refused.value.message)
        assert sentences[0] == sentences[1]
    for code in (paper.verification_code, "AAAAAAAAAAAA"):
        assert district.page("wang").get(f"/my/papers/{code}/").status_code == 404
    assert district.page("lin").get(f"/my/papers/{paper.verification_code}/").status_code == 200


PLACES: list[Callable[[str, int, str], str]] = [
    lambda case, key, code: f"/my/cases/{case}/",
    lambda case, key, code: f"/my/cases/{case}/correct/",
    lambda case, key, code: f"/my/cases/{case}/supply/",
    lambda case, key, code: f"/my/cases/{case}/withdraw/",
    lambda case, key, code: f"/my/{case.rsplit('-', 1)[0]}/",
    lambda case, key, code: f"/my/{case.rsplit('-', 1)[0]}/receipt/",
    lambda case, key, code: f"/my/files/{key}/",
    lambda case, key, code: f"/my/papers/{code}/",
    lambda case, key, code: f"/apply/done/{case.rsplit('-', 1)[0]}/",
]
OFFICE_PLACES: list[Callable[[str, int, str], str]] = [
    lambda case, key, code: f"/desk/cases/{case}/",
    lambda case, key, code: f"/desk/cases/{case}/ledger/",
    lambda case, key, code: f"/desk/cases/{case}/full/",
    lambda case, key, code: f"/desk/cases/{case}/acts/accept/",
    lambda case, key, code: f"/desk/cases/{case}/materials/{key}/",
    lambda case, key, code: f"/desk/papers/{code}/",
]


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_pages_of_a_person_show_nothing_of_others(district: District, place: int) -> None:
    number, key, code = _things(district)
    for username in ("wang", "wu", "zhao", "chen"):
        page = district.page(username)
        for method in (page.get, page.post):
            asked, absent = (
                PLACES[place](number, key, code),
                PLACES[place](f"{ABSENT}-1", 987654321, "AAAAAAAAAAAA"),
            )
            theirs, nothing = method(asked), method(absent)
            assert alike(asked, absent, theirs, nothing), (
                username,
                asked,
                theirs.status_code,
                nothing.status_code,
            )


@pytest.mark.parametrize("place", range(len(OFFICE_PLACES)))
def test_pages_of_an_office_show_nothing_of_others(district: District, place: int) -> None:
    number, key, code = _things(district)
    for username in ("zhao", "hong", "sun"):
        page = district.page(username)
        for method in (page.get, page.post):
            asked, absent = (
                OFFICE_PLACES[place](number, key, code),
                OFFICE_PLACES[place](f"{ABSENT}-1", 987654321, "AAAAAAAAAAAA"),
            )
            theirs, nothing = method(asked), method(absent)
            assert alike(asked, absent, theirs, nothing), (
                username,
                asked,
                theirs.status_code,
                nothing.status_code,
            )


def _things(district: District) -> tuple[str, int, str]:
    number = district.case("lin", STREET)
    case = cases.Case.objects.get(number=number)
    paper = issuing.issue_receipt(case.application_id)
    key = cases.Material.objects.filter(case=case).values_list("pk", flat=True).first()
    return number, key or 0, paper.verification_code


def test_the_clerk_who_received_it_is_not_the_applicant(district: District) -> None:
    number, chen = district.case("chen", FOOD), district.caller("chen")
    assert "withdraw" not in chen.get(f"/cases/{number}").body["possible"]
    assert chen.act(number, "withdraw").status == 403


def test_a_clerk_who_left_sees_nothing_any_more(district: District) -> None:
    number, chen = district.case("chen", FOOD), district.caller("chen")
    assert chen.get(f"/cases/{number}").status == 200
    RoleGrant.objects.filter(account__username="chen").update(revoked_at=AT)
    for answer in (chen.get(f"/cases/{number}"), chen.act(number, "accept")):
        assert answer.status == 404
    assert chen.get("/cases").body["count"] == 0


def test_an_expired_grant_is_none(district: District) -> None:
    number, zhao = district.case("chen", FOOD), district.caller("zhao")
    day = AT.date()
    RoleGrant.objects.filter(account__username="zhao").update(valid_to=day + timedelta(days=1))
    assert zhao.get(f"/cases/{number}").status == 200
    with travel_to(AT + timedelta(days=1)):
        assert zhao.get(f"/cases/{number}").status == 404
        assert zhao.get("/cases").body["count"] == 0


def for_shop(district: District, *slugs: str) -> dict[str, Any]:
    return district.application("wu", *slugs) | {
        "applicant": {"kind": "entity", "name": shop().name, "uscc": shop().uscc}
    }


def test_a_revoked_representation_is_none(district: District) -> None:
    wu = district.caller("wu")
    made = wu.post("/applications", for_shop(district, SIGN))
    assert made.status == 201, made.body
    number = made.body["cases"][0]["number"]
    assert wu.get(f"/cases/{number}").body["possible"] == ["withdraw"]
    [row] = identity.Representation.objects.filter(agent=district.person("wu"))
    identity.revoke_representation(row, actor=PLATFORM, at=AT)
    answers: list[Answer] = [
        wu.get(f"/cases/{number}"), wu.get(f"/applications/{made.body['number']}"), wu.act(number, "withdraw")
    ]  # fmt: skip
    assert [a.status for a in answers] == [404, 404, 404]
    assert wu.get("/cases").body["count"] == 0
    again = wu.post("/applications", for_shop(district, SIGN) | {"delivery_way": "courier"})
    assert again.status == 403
    assert district.page("wu").get(f"/my/cases/{number}/").status_code == 404


def test_a_representation_for_some_items_is_for_those_alone(district: District) -> None:
    identity.Representation.objects.filter(agent=district.person("wu")).update(scope=[district.codes[FOOD]])
    wu = district.caller("wu")
    assert wu.post("/applications", for_shop(district, FOOD)).status == 201
    refused = wu.post("/applications", for_shop(district, SIGN))
    assert (refused.status, refused.code) == (403, "not_allowed")
    assert wu.post("/applications", for_shop(district, FOOD, SIGN)).status == 403


def test_nobody_applies_for_others_unasked(district: District) -> None:
    lin = district.person("lin")
    told = {"kind": "person", "name": lin.name, "id_number": lin.id_number}
    known = district.caller("wang").post(
        "/applications", district.application("wang", STREET, applicant=told)
    )
    unknown = told | {"id_number": "449901199208080017"}
    strange = district.caller("wang").post(
        "/applications", district.application("wang", STREET, applicant=unknown)
    )
    assert (known.status, known.code) == (403, "not_allowed")
    assert strange.status in (403, 422)
    if strange.status == 403:
        assert strange.body == known.body, "whether somebody is registered is not told"
    for kind in ({"kind": "entity", "name": shop().name, "uscc": shop().uscc},):
        refused = district.caller("wang").post(
            "/applications", district.application("wang", STREET, applicant=kind)
        )
        assert refused.status == 403


def test_a_clerk_receives_only_in_her_own_centre(district: District) -> None:
    body = district.application("chen", TRADER) | {"centre": "town-01"}
    assert district.caller("chen").post("/applications", body).status == 403
    assert (
        district.caller("lin")
        .post("/applications", district.application("lin", STREET, channel="window"))
        .status
        == 422
    )


def test_a_locked_account_is_out_at_once(district: District) -> None:
    lin, page = district.caller("lin"), district.page("lin")
    assert page.get("/my/").status_code == 200 and lin.get("/me").status == 200
    identity.lock_account(district.account("lin"), reason="冒用他人身份", actor=PLATFORM, at=AT)
    assert lin.get("/me").status == 401
    assert page.get("/my/").status_code == 302
    assert page.get("/api/v1/me").status_code == 401
    identity.unlock_account(district.account("lin"), actor=PLATFORM, at=AT)
    assert lin.get("/me").status == 401, "its tokens are gone for good"


def test_an_opinion_is_given_by_those_asked(district: District) -> None:
    number = district.case("lin", SIGN, centre="lanjiang", form={"historic": "在"})
    district.caller("chen").act(number, "accept")
    asked: Callable[[str], Actor] = lambda username: district.actor(username)  # noqa: E731
    [request] = cases.opinions_waiting_for(asked("wglj-shen"))
    for username in ("zrzyj-shen", "zhao", "cgj-shen", "lin"):
        with pytest.raises(Exception, match="代答"):
            cases.give_opinion(request.pk, "agree", "代他同意", asked(username), AT)
    assert district.caller("lin").act(number, "withdraw").status == 200
    assert list(cases.opinions_waiting_for(asked("wglj-shen"))) == []
    with pytest.raises(Exception, match="不再需要"):
        cases.give_opinion(request.pk, "agree", "晚到的意见", asked("wglj-shen"), AT)
