"""The window: people and enterprises, several items, wrong numbers, double clicks, what is kept."""

import io
import re

import pytest
from django.test import Client

from yimen.foundation.files.tests.factories import png
from yimen.foundation.identity import api as identity
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import id_number, make_centre
from yimen.modules.forms import api as forms
from yimen.modules.issuing import api as issuing
from yimen.modules.items.content import Promise, Situation, Tolerance
from yimen.modules.items.tests.factories import make_standard
from yimen.portals.desk.tests.factories import AT, clerk_client, office_client, signed_in, staff
from yimen.portals.desk.window import sitting as sittings

pytestmark = pytest.mark.django_db
CLERK_ONLY = {"desk:application:create", "desk:case:receive", "desk:case:read"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Window:
    """A clerk's browser without scripts: posts on one address, follows what it answers."""

    def __init__(self, client: Client) -> None:
        self.client, self.key = client, "abc123"

    def press(self, do: str, **post: object) -> object:
        shown = self.client.get(f"/desk/window/?s={self.key}")
        has = shown.context["sitting"].step if shown.status_code == 200 else ""
        answer = self.client.post(f"/desk/window/?s={self.key}", {"do": do, "has": has, **post})
        return self.client.get(answer["Location"]) if answer.status_code == 302 else answer


@pytest.fixture
def window() -> Window:
    return Window(clerk_client(make_centre()))


def test_two_items_for_a_person_to_the_receipt(window: Window) -> None:
    first = make_standard(
        situations=(Situation(code="place", question="场所是谁的？", options=("自有", "租用")),)
    )
    second = make_standard(name="另一项许可", tolerance=Tolerance(), promise=Promise(materials=("licence",)))
    number = id_number(7)
    page = window.press("next", number=number)
    assert page.context["who"].number == number
    assert not page.context["who"].known
    page = window.press("next", name="陈小华", phone="13800138000")
    assert page.context["sitting"].step == "matter"
    window.press(f"add:{first.code}")
    page = window.press(f"add:{second.code}")
    assert [s.code for s in page.context["standards"]] == [first.code, second.code]
    assert len(page.context["clear"]) == 2
    page = window.press("go_on")
    assert page.context["sitting"].step == "form"
    refused = window.press("next")
    assert refused.context["situation_errors"] == {"place": "请选择：场所是谁的？"}
    page = window.press("next", **{"a-place": "自有"})
    assert page.context["sitting"].step == "materials"
    assert {row["thing"].key for row in page.context["rows"]} == {"application", "licence"}
    page = window.press("next", **{"m:application": "paper", "m:licence": "none"})
    assert page.context["sitting"].step == "check"
    assert [thing.key for thing in page.context["check"].missing] == ["licence"]
    page = window.press("next", delivery="courier")
    application = cases.Application.objects.get()
    assert page.wsgi_request.path == f"/desk/window/received/{application.number}/"
    assert [case.state for case in application.cases.all()] == ["submitted", "submitted"]
    assert application.channel == "window"
    assert application.delivery_way == "courier"
    assert application.person.name == "陈小华"
    assert application.form["place"] == "自有"
    assert page.context["receipt"].kind == "receipt"
    assert page.context["rows"][0].missing == ["营业执照"]
    assert forms.load_draft("desk.window", page.wsgi_request.actor, name=window.key).values == {
        "number": application.number
    }


def test_a_second_click_finds_the_first_receipt(window: Window) -> None:
    standard = make_standard(materials=())
    window.press("next", number=id_number(8))
    window.press("next", name="陈小华")
    window.press(f"add:{standard.code}")
    window.press("go_on")
    window.press("next")
    window.press("next")
    again = window.client.post(f"/desk/window/?s={window.key}", {"do": "next", "has": "check"})
    assert again.status_code == 302
    number = cases.Application.objects.get().number
    assert again["Location"].startswith(f"/desk/window/received/{number}/")


def test_an_enterprise_with_an_agent(window: Window) -> None:
    standard = make_standard(materials=())
    code = "911306290670149685"
    page = window.press("next", number=code)
    assert page.context["who"].kind == "entity"
    page = window.press("next", name="测试餐饮有限公司", agent_number="")
    assert "agent_number" in page.context["errors"]
    page = window.press("next", name="测试餐饮有限公司", agent_number=id_number(9))
    assert page.context["agent"].number == id_number(9)
    page = window.press("next", name="测试餐饮有限公司", agent_name="吴建国", agent_phone="13800138001")
    assert page.context["sitting"].step == "matter"
    window.press(f"add:{standard.code}")
    window.press("go_on")
    window.press("next")
    window.press("next")
    application = cases.Application.objects.get()
    assert application.entity.name == "测试餐饮有限公司"
    assert application.agent.name == "吴建国"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "请输入"),
        ("44011319900101001", "18位"),
        (id_number(3)[:-1] + ("0" if id_number(3)[-1] != "0" else "1"), "最后一位应为"),
        ("91130629067014968A", "最后一位应为"),
        ("440113199013010017", "出生日期"),
    ],
)
def test_a_wrong_number_is_said_at_once_and_kept(window: Window, number: str, said: str) -> None:
    page = window.press("find:who", number=number)
    assert said in page.context["errors"]["number"]
    assert page.context["sitting"].values.get("number", "") == number


def test_the_agent_is_not_the_applicant(window: Window) -> None:
    window.press("next", number=id_number(4))
    page = window.press("find:agent", name="陈小华", by_agent="yes", agent_number=id_number(4))
    assert "同一个人" in page.context["errors"]["agent_number"]


def test_people_are_held_and_taken_up_again(window: Window) -> None:
    window.press("next", number=id_number(5))
    window.press("hold", name="陈小华")
    fresh = window.client.get("/desk/window/")
    assert fresh.context["sitting"].who is None
    assert [tab.key for tab in fresh.context["tabs"]] == [window.key]
    assert window.client.get(f"/desk/window/?s={window.key}").context["who"].name == "陈小华"
    assert window.client.get("/desk/window/")["Location"] == f"/desk/window/?s={window.key}"
    window.press("drop_sitting")
    assert window.client.get("/desk/window/?new=1").context["tabs"] == []


def test_what_is_typed_is_kept_without_a_button(window: Window) -> None:
    window.press("next", number=id_number(6))
    answer = window.client.post(
        f"/desk/window/keep?s={window.key}", {"has": "who", "name": "半个名", "phone": "138"}
    )
    assert answer.status_code == 204
    assert window.client.get(f"/desk/window/?s={window.key}").context["who"].name == "半个名"


def test_scans_come_in_with_and_without_scripts(window: Window) -> None:
    standard = make_standard()
    window.press("next", number=id_number(10))
    window.press("next", name="陈小华")
    window.press(f"add:{standard.code}")
    window.press("go_on")
    window.press("next")
    sent = window.client.post("/desk/files/", {"file": io.BytesIO(PDF)})
    assert sent.status_code in (201, 400), sent.content
    bad = window.client.post("/desk/files/", {"file": io.BytesIO(b"MZ\x90\x00 not a scan")})
    assert bad.status_code == 400
    assert bad.json()["detail"]
    page = window.press("next", **{"m:application": "file", "m:licence": "paper"})
    assert "m:application" in page.context["errors"]


def test_on_the_spot_acts_after_the_receipt(window: Window) -> None:
    standard = make_standard()
    window.press("next", number=id_number(11))
    window.press("next", name="陈小华")
    window.press(f"add:{standard.code}")
    window.press("go_on")
    window.press("next")
    window.press("next", **{"m:application": "paper"})
    page = window.press("next")
    application = cases.Application.objects.get()
    [row] = page.context["rows"]
    assert "decide" not in row.possible
    window.client.post(
        f"/desk/window/received/{application.number}/", {"do": "tell", "case": row.case.number}
    )
    case = application.cases.get()
    assert case.state == "correction_requested"
    assert cases.last_notice(case)["missing"][0]["requirement"] == "licence"
    assert {d.kind for d in issuing.documents_of([application.pk])} == {"receipt", "correction_notice"}


def test_items_are_found_while_typing(window: Window) -> None:
    standard = make_standard(name="开办饭店许可", aliases=("开饭店",))
    page = window.client.get("/desk/window/items", {"s": window.key, "q": "kaiban"})
    assert standard.code in page.content.decode()
    assert page.status_code == 200


def test_only_the_window_opens_the_window() -> None:
    assert office_client().get("/desk/window/").status_code == 403
    assert Client().get("/desk/window/").status_code == 302


def test_a_standard_that_changed_meanwhile_is_told_and_nothing_is_lost(window: Window) -> None:
    standard = make_standard(materials=())
    window.press("next", number=id_number(12))
    window.press("next", name="陈小华")
    page = window.press(f"add:{standard.code}")
    actor = page.wsgi_request.actor
    window.press("go_on")
    window.press("next")
    sitting = sittings.load(window.key, actor, AT)
    sittings.keep(sitting, {"items": [[standard.code, standard.version - 1, standard.standard_id]]})
    page = window.press("next")
    assert "更新了" in page.context["said"]
    assert page.context["who"].name == "陈小华"
    assert not cases.Application.objects.exists()
    window.press("adopt")
    assert window.press("next").context["application"].state == "submitted"


def test_enter_presses_the_harmless_button_first(window: Window) -> None:
    page = window.press("next", number=id_number(13)).content.decode()
    buttons = re.findall(r'<button[^>]*type="submit"[^>]*name="do" value="([^"]*)"', page)
    assert buttons[0] == "next"
    assert "drop_sitting" in buttons


def _by_agent(window: Window, **mandate: object) -> object:
    """Somebody brings a letter of authority of another person; the step's answer."""
    window.press("next", number=id_number(21))
    window.press("next", name="王桂芳", by_agent="on", agent_number=id_number(22))
    return window.press(
        "next", name="王桂芳", by_agent="on", agent_name="林晓燕", agent_phone="13800138000", mandate_asked="1", **mandate
    )  # fmt: skip


def _hand_in_for(window: Window, standard: object) -> object:
    window.press(f"add:{standard.code}")
    window.press("go_on")
    window.press("next")
    window.press("next", **{"m:application": "paper", "m:licence": "paper"})
    return window.press("next")


def _a_letter(window: Window) -> str:
    sent = window.client.post("/desk/files/", {"file": io.BytesIO(png())})
    assert sent.status_code == 201, sent.content
    return str(sent.json()["digest"])


@pytest.mark.parametrize("scope", ["these", "all"])
def test_a_letter_of_authority_is_registered_with_the_hand_in(window: Window, scope: str) -> None:
    standard, letter = make_standard(), _a_letter(window)
    page = _by_agent(
        window, mandate="yes", mandate_scope=scope, mandate_until="2026-12-31", **{"f:mandate": letter}
    )
    assert page.context["sitting"].step == "matter", page.context["errors"]
    assert not identity.Representation.objects.exists()
    page = _hand_in_for(window, standard)
    assert "已登记委托" in page.content.decode()
    row = identity.Representation.objects.get()
    application = cases.Application.objects.get()
    assert (row.principal_person, row.agent) == (application.person, application.agent)
    assert row.scope == ([standard.code] if scope == "these" else [])
    assert row.valid_to.isoformat() == "2027-01-01" and row.evidence == letter
    window.key = "another1"
    _by_agent(window, mandate="yes", mandate_scope=scope, mandate_until="2026-12-31", **{"f:mandate": letter})
    other = _hand_in_for(window, make_standard() if scope == "all" else standard)
    assert identity.Representation.objects.count() == 1
    assert other.status_code == 200


def test_a_letter_that_does_not_fit_is_told_at_once(window: Window) -> None:
    letter = _a_letter(window)
    page = _by_agent(window, mandate="yes", mandate_until="2026-12-31")
    assert set(page.context["errors"]) == {"mandate_scan"}
    for until in ("2026-03-01", "明年", "99999"):
        page = window.press(
            "next", by_agent="on", mandate_asked="1", mandate="yes", mandate_until=until, **{"f:mandate": letter}
        )  # fmt: skip
        assert set(page.context["errors"]) == {"mandate_until"}, until
    assert window.press("next", by_agent="on", mandate_asked="1").context["sitting"].step == "matter"


def test_a_clerk_who_may_not_register_is_not_asked() -> None:
    client = signed_in(staff("nobody", "window_clerk", centre=make_centre()))
    identity.Role.objects.filter(code="window_clerk").update(grants=[*sorted(CLERK_ONLY)])
    page = _by_agent(Window(client))
    assert page.status_code == 200
    window = Window(client)
    window.press("go:who")
    assert "授权委托书" not in client.get(f"/desk/window/?s={window.key}").content.decode()
