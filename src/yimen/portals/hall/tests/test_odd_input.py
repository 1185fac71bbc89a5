"""Whatever a browser sends, the answer is a page with a sentence, never a fault of ours."""

import pytest
from django.test import Client

from yimen.kernel.actor import Actor
from yimen.modules.cases.tests.factories import handed_in, only_case
from yimen.portals.hall.tests.factories import Applying, shop

pytestmark = pytest.mark.django_db
ODD = ("", "\x00", "A" * 5000, "<script>", "' OR 1=1 --", "٣٣", "-1", "null", "[]", "🙂" * 50, "../../x")


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_words_in_every_field_of_every_step(browser: Client, odd: str) -> None:
    way = Applying(browser, shop().code)
    way.to_check()
    fields = {
        name: odd
        for name in (
            "applicant", "q-premises", "applicant_name", "applicant_phone", "remarks", "how-id_card",
            "file-id_card", "licence-id_card", "delivery", "centre", "_remove", "_form",
        )
    }  # fmt: skip
    for step in ("who", "questions", "form", "materials", "check", odd):
        for go in ("next", "back", "save", "leave", odd):
            assert way.post(step, go, **fields).status_code < 500
    assert way.get(odd).status_code < 500
    assert way.post("check", "submit", **fields).status_code < 500


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_words_elsewhere(browser: Client, lin: Actor, odd: str) -> None:
    case = only_case(handed_in(lin))
    stranger = Client()
    answers = [
        stranger.get("/", {"for": odd}),
        stranger.get("/search/", {"q": odd}),
        stranger.get("/verify/", {"code": odd}, follow=True),
        stranger.post("/verify/", {"code": odd}),
        stranger.post("/progress/", {"number": odd, "digits": odd}),
        stranger.post("/progress/", {"number": odd * 20, "digits": "1234"}),
        browser.get("/my/", {"page": odd, "state": odd, "whom": odd, "size": odd}),
        browser.get("/apply/", {"item": odd, "step": odd}),
        browser.get("/apply/add/", {"item": odd, "q": odd}),
        browser.post("/apply/save/", {"_step": odd}),
        browser.post("/apply/form/", {"_form": odd}),
        browser.post("/apply/upload/", {"file": odd}),
        browser.post(f"/my/cases/{case.number}/correct/", {"revision": odd}),
        browser.post(f"/my/cases/{case.number}/supply/", {"revision": odd}),
        browser.post(f"/my/cases/{case.number}/withdraw/", {"note": odd}),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
