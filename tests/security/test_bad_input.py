"""Whatever is sent: an answer that says what is wrong (4xx), never a failure (5xx)."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.district import FOOD, SIGN, STREET, TRADER, Answer, District, answer_of
from yimen.modules.cases import api as cases
from yimen.modules.cases.models import Application
from yimen.modules.items.models import Item

ODD_TEXTS = {
    "nul": "王\x00五",
    "half a surrogate": "王\ud800五",
    "other half": "\udfff",
    "long": "长" * 100_000,
    "right to left": "\u202e张三\u202c",
    "zero width": "张\u200b三",
    "combining": "Z̴͎̈́ą̷l̶g̷o̴" * 40,
    "rare": "䶮㛃𬱖𪧘",
    "markup": "<script>alert(1)</script>",
    "query": "'; DROP TABLE cases_case; --",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "lines": "a\r\nSet-Cookie: x=1",
    "wild": "%_\\",
}
ODD_VALUES: list[Any] = [
    None, True, 0, -1, 1.5, 2**63, -(2**70), 10**400, "", " ", [], {}, [[]], {"a": {"b": []}}, *ODD_TEXTS.values(),
]  # fmt: skip
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def refused(answer: Answer, *statuses: int) -> Answer:
    assert answer.status in (statuses or range(400, 500)), (answer.status, answer.body)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    return answer


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_odd_texts_everywhere_in_an_application(district: District, odd: str) -> None:
    text, lin, chen = ODD_TEXTS[odd], district.caller("lin"), district.caller("chen")
    good, clerk = district.application("lin", STREET), district.application("chen", FOOD)
    for change in (
        {"items": [text]}, {"centre": text}, {"form": {text: text}}, {"form": good["form"] | {"application_reason": text}},
        {"materials": [{"requirement": text, "file": "0" * 64}]}, {"materials": [{"requirement": "application", "file": text}]},
        {"materials": [{"requirement": "application", "licence": text}]}, {"channel": text}, {"delivery_way": text},
        {"standards": {text: 1}}, {"draft": text}, {text: text},
    ):  # fmt: skip
        answer = lin.post("/applications", good | change)
        assert answer.status in (201, 404, 422, 409), (change, answer.body)
    for change in ({"name": text}, {"id_number": text}, {"phone": text}, {"kind": text}):
        answer = chen.post("/applications", clerk | {"applicant": clerk["applicant"] | change})
        assert answer.status in (201, 409, 422), (change, answer.body)


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_odd_texts_in_acts_and_addresses(district: District, odd: str) -> None:
    text, cgj = ODD_TEXTS[odd], district.caller("cgj-shen")
    number = district.case("lin", STREET)
    taken: list[tuple[str, dict[str, Any]]] = [
        (text, {}),
        ("accept", {"note": text}),
        ("accept", {text: text}),
        ("refuse_acceptance", {"clause": text, "reason": text, "would_pass": text}),
        ("request_correction", {"missing": [{"requirement": "form", "reason": text}]}),
        ("suspend", {"procedure": text, "clause": text, "document": text, "days": 3}),
        ("pass_step", {"opinion": text, "step": text}),
        ("return_step", {"to": text, "reason": text}),
        ("resume", {"note": text}),
    ]
    for name, payload in taken:
        answer = cgj.act(number, name, **payload)
        assert answer.status in (200, 403, 409, 422), (name, answer.body)
    assert cgj.post(f"/cases/{number}/acts", {"act": "accept", "revision": text}).status == 422
    from urllib.parse import quote

    address = quote(text[:500].encode("utf-8", "surrogatepass"), safe="")
    for path in (
        f"/cases/{address}",
        f"/applications/{address}",
        f"/items/{address}",
        f"/cases/{address}/trace",
    ):
        refused(cgj.get(path), 404, 422)
    for query in ("state", "organisation"):
        assert cgj.get(f"/cases?{query}={address}").status in (200, 422)
    for query in ("q", "division", "organisation"):
        assert cgj.get(f"/items?{query}={address}").status in (200, 422)


@pytest.mark.parametrize(
    "place",
    ["items", "applicant", "form", "materials", "channel", "centre", "delivery_way", "draft", "standards"],
)
def test_wrong_types_everywhere(district: District, place: str) -> None:
    lin, good = district.caller("lin"), district.application("lin", STREET)
    for value in ODD_VALUES:
        answer = lin.post("/applications", good | {place: value})
        assert answer.status in (201, 400, 403, 404, 409, 422), (value, answer.body)


@pytest.mark.parametrize("name", sorted(cases.ACTS))
def test_wrong_types_in_acts(district: District, name: str) -> None:
    number = district.case("lin", STREET, centre="lanjiang")
    callers = [district.caller(u) for u in ("cgj-zhang", "chen", "lin")]
    keys = (
        "missing",
        "materials",
        "days",
        "to",
        "step",
        "outcome",
        "way",
        "clause",
        "reason",
        "opinion",
        "procedure",
        "form",
        "note",
    )
    for value in ODD_VALUES[:14]:
        for caller in callers:
            answer = caller.act(number, name, **dict.fromkeys(keys, value))
            assert answer.status in (200, 400, 403, 409, 422), (name, value, answer.body)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"{", 400), (b"nonsense", 400), (b"\xff\xfe", 400), (b"null", 422), (b"[]", 422), (b'"text"', 422), (b"1", 422),
        (b'{"items": NaN}', 400), (b'{"items": Infinity}', 400), (b"[" * 50_000 + b"]" * 50_000, 422),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, 422), (b'{"items": ["\\ud800"]}', 422), (b'{"a": ' + b"9" * 5000 + b"}", 400),
        (b'{"form": "' + b"x" * 6_000_000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:24],
)  # fmt: skip
def test_broken_json(district: District, body: bytes, status: int) -> None:
    for caller in (district.caller("lin"), district.caller("chen")):
        for path in ("/applications", "/cases/1/acts"):
            for key in ("", "some-key"):
                answer = caller.post(path, body, key)
                refused(answer, status, {400: 422, 422: 400}.get(status, status))


def test_wrong_numbers_are_told_with_what_is_wrong(district: District) -> None:
    chen, good = district.caller("chen"), district.application("chen", FOOD)
    right = good["applicant"]["id_number"]
    for number, sentence in (
        (right[:-1] + ("1" if right[-1] != "1" else "2"), "最后一位"), (right[:-1], "18"), ("", "号码"), ("4499019902301234567", "位"),
    ):  # fmt: skip
        answer = refused(
            chen.post("/applications", good | {"applicant": good["applicant"] | {"id_number": number}}), 422
        )
        assert sentence in json.dumps(answer.body, ensure_ascii=False), answer.body
    entity = {"kind": "entity", "name": "某某公司", "uscc": "91449901MADEM0800X"}
    answer = refused(chen.post("/applications", good | {"applicant": entity}), 422)
    assert "统一社会信用代码" in json.dumps(answer.body, ensure_ascii=False)


def test_items_that_cannot_be_applied_for(district: District) -> None:
    lin = district.caller("lin")
    good = district.application("lin", STREET)
    refused(lin.post("/applications", good | {"items": ["NO-SUCH-ITEM"]}), 404, 422)
    refused(lin.post("/applications", good | {"items": []}), 422)
    refused(lin.post("/applications", good | {"items": [f"X{n}" for n in range(31)]}), 422)
    for state in ("suspended", "cancelled"):
        Item.objects.filter(slug=STREET).update(state=state)
        from yimen.modules.items.published import MEMORY

        MEMORY.forget()
        answer = refused(lin.post("/applications", good), 409)
        assert answer.body["detail"]


def test_a_standard_changed_meanwhile_is_told(district: District) -> None:
    lin = district.caller("lin")
    read = {district.codes[STREET]: 7}
    answer = refused(lin.post("/applications", district.application("lin", STREET, standards=read)), 409)
    assert answer.code == "standard_changed"
    read = {district.codes[STREET]: 1}
    assert lin.post("/applications", district.application("lin", STREET, standards=read)).status == 201


def test_materials_of_the_wrong_kind(district: District) -> None:
    lin = district.caller("lin")
    good = district.application("lin", SIGN)
    digest = district.file_of("lin")
    for material in (
        {"requirement": "nonsense", "file": digest},
        {"requirement": "application"},
        {"requirement": "application", "file": digest, "promise": True},
        {"requirement": "application", "promise": True},
        {"requirement": "application", "owed": True},
        {"requirement": "application", "paper": True},
        {"requirement": "application", "file": "x" * 64},
        {"requirement": "application", "file": digest.upper()},
        {"requirement": "application", "file": digest, "trust": "A"},
    ):
        refused(lin.post("/applications", good | {"materials": [material]}), 422)
    allowed = [{"requirement": "premises_proof", "promise": True}]
    assert lin.post("/applications", good | {"materials": allowed}).status == 201


def test_the_same_application_twice_is_one(district: District) -> None:
    lin, body = district.caller("lin"), district.application("lin", TRADER)
    first = lin.post("/applications", body)
    again = refused(lin.post("/applications", body), 409)
    assert (again.code, again.body["fields"]["number"]) == ("duplicate_application", first.body["number"])
    assert Application.objects.count() == 1


def upload(district: District, content: bytes, name: str, **extra: Any) -> Answer:
    token = district.caller("lin").token
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    body = {"file": SimpleUploadedFile(name, content)}
    return answer_of(
        client.post("/api/v1/files", body, headers={"Authorization": f"Bearer {token}"}, **extra)
    )


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (EICAR, "病毒.pdf"), (b"%PDF-1.7\n" + EICAR + b"\n%%EOF", "病毒.pdf"), (b"", "空.pdf"), (b"MZ\x90\x00" * 200, "照片.jpg"),
        (b"<html><script>alert(1)</script></html>", "页面.pdf"), (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "图.svg"),
        (b"#!/bin/sh\nrm -rf /", "脚本.sh"), (b"PK\x03\x04" + b"\x00" * 100, "包.docx"), (b"\x89PNG\r\n\x1a\nbroken", "图.png"),
        (b"%PDF-1.7\n%%EOF", "../../etc/passwd"), (b"GIF89a<script>", "x.gif"),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_files_that_are_not_what_they_say(district: District, content: bytes, name: str) -> None:
    answer = upload(district, content, name)
    if answer.status == 201:
        assert (answer.body["name"], answer.body["media_type"]) == ("passwd.pdf", "application/pdf")
    else:
        refused(answer, 422, 415)


def test_a_file_beyond_the_limit_is_refused_unread(district: District) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    headers = {"Authorization": f"Bearer {district.caller('lin').token}"}

    class Endless:
        """Pretends to be 200 MB and must not be read."""

        def read(self, *_: Any) -> bytes:
            raise AssertionError("read")

        readline = read

    response = client.generic(
        "POST", "/api/v1/files", b"x", content_type="multipart/form-data; boundary=x", headers=headers,
        CONTENT_LENGTH=str(200 * 1024 * 1024), **{"wsgi.input": Endless()},
    )  # fmt: skip
    refused(answer_of(response), 413)


def test_a_file_that_grows_beyond_the_limit_is_refused(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.foundation.files import uploads

    monkeypatch.setattr(uploads, "max_bytes", lambda at: 100_000)
    refused(upload(district, b"%PDF-1.7\n" + b"x" * 400_000, "大.pdf"), 413)


@pytest.mark.parametrize(
    "query",
    ["page=abc", "page=", "page=-1", "page=1e9", "size=1000000000", f"page={2**63}", "page=%00", "page=１", "sort=x", "state=%F0%9F", "q=" + "x" * 9000],
)  # fmt: skip
@pytest.mark.parametrize(
    "path",
    [
        "/search/",
        "/items/",
        "/my/",
        "/deadlines/",
        "/desk/cases/",
        "/console/cases/",
        "/console/trace/",
        "/console/people/",
    ],
)
def test_odd_queries_of_pages(district: District, path: str, query: str) -> None:
    username = {
        "/desk/cases/": "chen",
        "/console/cases/": "qian",
        "/console/trace/": "qian",
        "/console/people/": "root",
    }.get(path, "lin")
    response = district.page(username).get(f"{path}?{query}")
    assert response.status_code < 500, (path, query)


@pytest.mark.parametrize(
    "body",
    [
        {"start": "2026-02-11", "amount": 10**18}, {"start": "0001-01-01", "amount": 5}, {"start": "9999-12-31", "amount": 5},
        {"start": "2026-02-11", "amount": 10**6}, {"start": "2026-02-11T25:00:00Z", "amount": 1}, {"start": "", "amount": 1},
        {"start": "2026-02-11", "amount": 5, "unit": "fortnight"}, {"start": "2026-02-11", "amount": -1},
        {"start": "2026-02-11", "amount": 5, "exclusions": [{"from": "2026-03-01", "to": "2026-02-01"}]},
        {"start": "2026-02-11", "amount": 5, "exclusions": [{"from": "x", "to": "y"}]},
        {"start": "2026-02-11", "amount": 9_000, "unit": "year"}, {"start": "2026-02-11", "amount": 10**9, "unit": "hour"},
        {"start": "2026-02-11\x00", "amount": 1}, {"start": "2026-02-11", "amount": 5, "extensions": [{"amount": 10**15}]},
    ],
    ids=str,
)  # fmt: skip
def test_odd_deadlines(district: District, body: dict[str, Any]) -> None:
    refused(district.caller().post("/deadlines", body), 422)


def test_forbidden_acts_change_nothing(district: District) -> None:
    number = district.case("lin", STREET)
    before = district.caller("lin").get(f"/cases/{number}/trace").body
    for username in ("lin", "cgj-shen"):
        for name in ("resume", "deliver", "correct", "submit", "check_promise", "supply"):
            refused(district.caller(username).act(number, name))
    assert district.caller("lin").get(f"/cases/{number}/trace").body == before
