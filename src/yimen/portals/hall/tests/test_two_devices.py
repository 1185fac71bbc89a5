"""One draft on two devices: nothing is undone unseen, and the person chooses where both changed one thing."""

from typing import Any

import pytest
from django.test import Client

from yimen.kernel.actor import Actor
from yimen.modules.forms import api as forms
from yimen.portals.hall.tests.factories import Applying, a_photo, client_of, shop

pytestmark = pytest.mark.django_db


class Open:
    """The form step as one page holds it: what it typed, the revision and the mark it was loaded with."""

    def __init__(self, client: Client, code: str, step: str = "form") -> None:
        self.client, self.code, self.step = client, code, step
        page = Applying(client, code).get(step)
        self.known = {"_revision": page.context["revision"], "_page": page.context["page_mark"]}
        self.typed = {
            "applicant_name": "林晓燕", "applicant_phone": "13800138000", "remarks": "", **self.stored(page),
        }  # fmt: skip

    def stored(self, page: Any) -> dict[str, str]:
        return {k: v for k, v in page.context["here"].form_values.items() if isinstance(v, str)}

    def save(self, **typed: str) -> dict[str, Any]:
        """What the page's script sends while somebody types."""
        self.typed |= typed
        answer = self.client.post(
            f"/apply/save/?item={self.code}", {"_step": self.step, **self.known, **self.typed}
        )
        assert answer.status_code == 200
        told: dict[str, Any] = answer.json()
        if not told["elsewhere"]:
            self.known["_revision"] = told["revision"]
        return told

    def press(self, go: str = "next", **more: str) -> Any:
        return Applying(self.client, self.code).post(self.step, go, **self.known, **self.typed, **more)


@pytest.fixture
def code(browser: Client) -> str:
    code = shop().code
    way = Applying(browser, code)
    way.post("who", applicant="me")
    way.post("questions", **{"q-premises": "自己的"})
    way.post("form", applicant_name="林晓燕", applicant_phone="13800138000", remarks="靠近路口")
    return code


@pytest.fixture
def phone(browser: Client, code: str) -> Open:
    return Open(browser, code)


@pytest.fixture
def desk(lin: Actor, code: str) -> Open:
    return Open(client_of(lin), code)


def remarks(lin: Actor) -> Any:
    [draft] = forms.drafts_visible_to(lin)
    return forms.draft_with_id(draft.pk, lin).values.get("remarks")


def test_one_page_alone_meets_nobody(phone: Open, lin: Actor) -> None:
    assert phone.save(remarks="红砖楼")["elsewhere"] == ""
    assert phone.save(remarks="红砖楼二层")["elsewhere"] == ""
    assert phone.press().status_code == 302
    assert remarks(lin) == "红砖楼二层"


def test_a_press_that_overtakes_its_own_saving_meets_nobody(phone: Open, lin: Actor) -> None:
    before = dict(phone.known)
    phone.save(remarks="红砖楼")
    phone.known = before  # the answer to the saving has not come in yet
    phone.typed["remarks"] = "靠近路口"
    assert phone.press().status_code == 302
    assert remarks(lin) == "靠近路口"


def test_what_the_other_device_changed_is_not_undone_by_what_stands_here(
    phone: Open, desk: Open, lin: Actor
) -> None:
    desk.save(remarks="蓝色大门")
    told = phone.save(applicant_phone="13900139000")
    assert remarks(lin) == "蓝色大门"
    assert "蓝色大门" in told["elsewhere"] and "靠近路口" in told["elsewhere"]
    refused = phone.press()
    page = refused.content.decode()
    assert refused.status_code == 409 and 'name="_use-remarks"' in page and 'value="13900139000"' in page
    assert phone.press(**{"_use-remarks": "there"}).status_code == 302
    assert remarks(lin) == "蓝色大门"


def test_where_both_changed_one_field_the_person_chooses(phone: Open, desk: Open, lin: Actor) -> None:
    desk.save(remarks="蓝色大门")
    told = phone.save(remarks="绿色大门")
    assert "蓝色大门" in told["elsewhere"] and "绿色大门" in told["elsewhere"]
    assert remarks(lin) == "绿色大门"
    stays = phone.press("stay", **{"_use-remarks": "there"})
    assert stays.status_code == 302 and stays["Location"].endswith("step=form")
    assert remarks(lin) == "蓝色大门"
    assert Open(phone.client, phone.code).typed["remarks"] == "蓝色大门"


def test_what_is_kept_here_wins_over_what_was_emptied_there(phone: Open, desk: Open, lin: Actor) -> None:
    desk.save(remarks="")
    assert "空着" in phone.save(applicant_phone="13900139000")["elsewhere"]
    assert phone.press(**{"_use-remarks": "here"}).status_code == 302
    assert remarks(lin) == "靠近路口"


def test_a_file_added_on_the_phone_is_not_lost_on_the_computer(
    browser: Client, code: str, lin: Actor
) -> None:
    desk = Open(client_of(lin), code, "materials")
    digest = browser.post("/apply/upload/", {"file": a_photo()}).json()["digest"]
    phone = Open(browser, code, "materials")
    phone.save(**{"file-id_card": digest, "how-id_card": "file"})
    desk.typed |= {"how-id_card": "none"}
    refused = desk.press()
    assert refused.status_code == 409 and "1份文件" in refused.content.decode()
    assert desk.press(**{"_use-_m:id_card": "there"}).status_code == 302
    [draft] = forms.drafts_visible_to(lin)
    assert forms.draft_with_id(draft.pk, lin).values["_m:id_card"]["files"] == [digest]


@pytest.mark.parametrize("odd", ["", "-1", "99999999999", "x", "\0", "٣"])
def test_odd_revisions_are_taken_for_the_latest(phone: Open, odd: str, lin: Actor) -> None:
    phone.known["_revision"] = odd
    assert phone.press().status_code == 302
