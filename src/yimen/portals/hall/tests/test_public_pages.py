"""What anybody may open: the door, progress without an account, checking a paper, what is told."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yimen.foundation.files.api import open_file
from yimen.modules.cases.tests.factories import handed_in, make_centre, only_case
from yimen.modules.issuing import api as issuing
from yimen.portals.hall.urls import hall

pytestmark = pytest.mark.django_db


def text(response: object) -> str:
    return response.content.decode()


def test_every_page_of_the_hall_says_who_may_open_it() -> None:
    assert all(getattr(pattern.callback, "access", None) or _inner(pattern.callback) for pattern in hall)


def _inner(view: object) -> bool:
    while view is not None:
        if getattr(view, "access", None):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


@pytest.mark.parametrize(
    "path",
    ["/", "/?for=enterprise", "/?for=<script>", "/progress/", "/verify/", "/help/", "/centres/", "/about/"],
)
def test_public_pages_open_for_anybody(path: str) -> None:
    make_centre()
    response = Client().get(path)
    assert response.status_code == 200 and "<h1" in text(response)


@pytest.mark.parametrize("path", ["/my/", "/me/", "/apply/?item=X", "/my/X/", "/my/cases/X/"])
def test_personal_pages_ask_to_sign_in(path: str) -> None:
    assert Client().get(path).status_code == 302


def test_search_of_the_frame_leads_to_the_items() -> None:
    assert Client().get("/search/?q=开店")["Location"].startswith("/items/?q=")


def test_progress_by_number_and_digits_of_the_phone() -> None:
    application = handed_in()
    page = Client().post("/progress/", {"number": application.number, "digits": "8000"})
    assert page.status_code == 200
    assert "3月9日前告诉您受不受理" in text(page) and "林*燕" in text(page) and "林晓燕" not in text(page)
    by_case = Client().post("/progress/", {"number": only_case(application).number, "digits": "8000"})
    assert by_case.status_code == 200


def test_wrong_digits_and_unknown_numbers_look_alike() -> None:
    application = handed_in()
    wrong = Client().post("/progress/", {"number": application.number, "digits": "0000"})
    unknown = Client().post("/progress/", {"number": "4499012699999999999", "digits": "8000"})
    assert wrong.status_code == unknown.status_code == 404
    assert "没有查到" in text(wrong) and "没有查到" in text(unknown)


def test_guessing_digits_is_stopped() -> None:
    application = handed_in()
    client = Client()
    answers = [
        client.post("/progress/", {"number": application.number, "digits": f"{n:04d}"}) for n in range(9)
    ]
    assert answers[-1].status_code == 429 and "请60分钟后再试" in text(answers[-1])


@pytest.mark.parametrize(
    "fields", [{}, {"number": "1", "digits": "a"}, {"number": "\x00" * 9, "digits": "٤٤٤٤"}]
)
def test_odd_questions_get_a_sentence(fields: dict[str, str]) -> None:
    assert Client().post("/progress/", fields).status_code == 422


def test_a_true_paper_is_confirmed_with_a_masked_addressee() -> None:
    paper = issuing.issue_receipt(handed_in().pk)
    typed = paper.verification_code.lower()
    response = Client().get("/verify/", {"code": f"{typed[:4]}-{typed[4:]}"}, follow=True)
    page = text(response)
    assert "是真的" in page and paper.number in page and "林*燕" in page and "林晓燕" not in page


def test_a_mistyped_and_an_unknown_code_are_told_apart() -> None:
    from yimen.foundation.documents.api import verification_code

    assert "核验码应为 12 位" in text(Client().get("/verify/ABC/"))
    unknown = Client().get(f"/verify/{verification_code()}/")
    assert unknown.status_code == 404 and "没有签发过这样的文书" in text(unknown)
    assert Client().get("/verify/?code=/////").status_code == 302


def test_a_file_is_compared_byte_for_byte() -> None:
    paper = issuing.issue_receipt(handed_in().pk)
    with open_file(paper.file.digest) as opened:
        content = opened.read()
    url = f"/verify/{paper.verification_code}/"
    same = Client().post(url, {"file": SimpleUploadedFile("a.pdf", content)})
    other = Client().post(url, {"file": SimpleUploadedFile("a.pdf", content + b" ")})
    bare = Client().post("/verify/", {"file": SimpleUploadedFile("a.pdf", io.BytesIO(content).read())})
    assert "一字不差" in text(same) and "不一样" in text(other)
    assert "一字不差" in text(bare) and paper.number in text(bare)
    assert Client().post("/verify/").status_code == 422
