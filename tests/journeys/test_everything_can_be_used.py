"""Every main page of the three faces: for a screen reader, on a phone, with keys only, without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NARROW, SERIOUS, WIDE, Journey
from tests.journeys.walking import FOOD, SIGN, a_pdf, answers_for, code_of, fill, upload
from yimen.modules.cases.models import Case

pytestmark = pytest.mark.journey

PUBLIC = ("/", "/items/", "/items/?q=开餐馆", "/items/{food}/", "/items/{food}/form/", "/progress/", "/verify/", "/centres/",
          "/help/", "/about/", "/deadlines/", "/accounts/login/", "/no-such-page/")  # fmt: skip
HALL = ("/", "/my/", "/my/?state=done", "/my/cases/{own}/", "/my/cases/{own}/correct/", "/me/", "/me/messages/",
        "/apply/?item={food}&item={sign}", "/apply/?item={food}&step=questions", "/apply/?item={food}&step=form",
        "/apply/?item={food}&step=materials", "/apply/?item={food}&step=check")  # fmt: skip
DESK = {
    "chen": ("/desk/", "/desk/window/", "/desk/cases/", "/desk/cases/?tab=to_accept", "/desk/handout/"),
    "zhao": ("/desk/", "/desk/cases/", "/desk/cases/{submitted}/", "/desk/cases/{submitted}/?act=request_correction",
             "/desk/cases/{submitted}/?view=course", "/desk/cases/{submitted}/?view=time",
             "/desk/cases/{reviewed}/", "/desk/cases/{reviewed}/?act=suspend", "/desk/opinions/"),
}  # fmt: skip
CONSOLE = {
    "qian": ("/console/", "/console/cases/", "/console/cases/?time=overdue", "/console/cases/{reviewed}/", "/console/time/",
             "/console/trace/", "/console/trace/readings/", "/console/trace/seals/"),
    "he": ("/console/", "/console/calendar/"),
    "wen": ("/console/", "/console/items/", "/console/items/{sign}/", "/console/items/new/", "/console/items/import/",
            "/console/items/compare/"),
    "fang": ("/console/", "/console/items/"),
    "root": ("/console/", "/console/people/", "/console/orgs/", "/console/orgs/centres/", "/console/params/", "/console/jobs/",
             "/console/people/clients/"),
    "anquan": ("/console/", "/console/people/roles/", "/console/people/delegation/", "/console/people/lockouts/"),
    "shenji": ("/console/", "/console/people/audit/"),
}  # fmt: skip


PICTURES = {
    ("lin", "/"): "hall-home",
    ("lin", "/apply/?item={food}&step=form"): "hall-form",
    ("zhao", "/desk/cases/"): "desk-inbox",
    ("zhao", "/desk/cases/{reviewed}/"): "desk-case",
    ("qian", "/console/"): "console-home",
    ("qian", "/console/cases/?time=overdue"): "console-cases",
    ("qian", "/console/time/"): "console-time",
    ("qian", "/console/trace/"): "console-trace",
    ("root", "/console/people/"): "console-people",
    ("root", "/console/people/clients/"): "console-clients",
    ("root", "/console/jobs/"): "console-jobs",
    ("anquan", "/console/people/delegation/"): "console-delegation",
}
"""What the handbooks show of these pages, in the wide view."""


class Look:
    """Looks at pages one after the other and tells every fault at the end."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.faults: list[str] = []
        own = Case.objects.filter(application__account__username="lin", state="correction_requested").first()
        of_scjgj = Case.objects.filter(organisation__code="scjgj").order_by("pk")
        submitted, reviewed = (of_scjgj.filter(state=state).first() for state in ("submitted", "in_review"))
        assert own and submitted and reviewed, "the demonstration district has a case in every state"
        self.names = {
            "food": code_of(FOOD), "sign": code_of(SIGN), "own": own.number, "submitted": submitted.number,
            "reviewed": reviewed.number,
        }  # fmt: skip

    def at(self, who: str, *addresses: str) -> None:
        """Each page wide, then narrow."""
        page = self.journey.signed_in(who)
        for address in addresses:
            page.set_viewport_size(WIDE)
            answer = page.goto(address.format(**self.names))
            where = f"{who or 'stranger'} {address}"
            wanted = 404 if "no-such-page" in address else 200
            if answer is None or answer.status != wanted:
                self.faults.append(f"{where}: status {answer.status if answer else None}")
                continue
            if (who, address) in PICTURES:
                self.journey.picture(page, PICTURES[who, address])
            self._look(page, f"wide {where}")
            page.set_viewport_size(NARROW)
            self._look(page, f"narrow {where}")

    def _look(self, page: Page, where: str) -> None:
        for found in Axe().run(page).response["violations"]:
            if found["impact"] in SERIOUS:
                self.faults.append(f"{where}: {found['id']} {[n['target'] for n in found['nodes']][:3]}")
        width = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        if width > 0:
            self.faults.append(f"{where}: scrolls {width} px to the right")

    def none(self) -> None:
        faults = self.faults + self.journey.complaints
        self.journey.complaints.clear()
        assert faults == [], "\n" + "\n".join(faults)


def test_the_hall_can_be_used_by_everybody(journey: Journey) -> None:
    look = Look(journey)
    look.at("", *PUBLIC)
    look.at("lin", *HALL)
    look.none()


def test_the_desk_can_be_used_by_everybody(journey: Journey) -> None:
    look = Look(journey)
    for who, addresses in DESK.items():
        look.at(who, *addresses)
    look.none()


def test_the_console_can_be_used_by_everybody(journey: Journey) -> None:
    look = Look(journey)
    for who, addresses in CONSOLE.items():
        look.at(who, *addresses)
    look.none()


SEEN = """() => { const e = document.activeElement; if (e === document.body) return 'body';
  const marked = (el) => el && (getComputedStyle(el).outlineStyle !== 'none' || getComputedStyle(el).boxShadow !== 'none');
  const near = [e, e.closest('label, .search-row, .card, li'), e.parentElement, e.nextElementSibling];
  return near.some(marked) ? '' : e.outerHTML.slice(0, 120); }"""


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("", "/"),
        ("", "/items/{food}/"),
        ("lin", "/my/"),
        ("chen", "/desk/"),
        ("zhao", "/desk/cases/"),
        ("qian", "/console/"),
    ],
)
def test_the_focus_can_always_be_seen(journey: Journey, who: str, address: str) -> None:
    page = journey.signed_in(who)
    page.goto(address.format(food=code_of(FOOD)))
    page.evaluate("() => document.activeElement.blur()")
    unseen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        found = page.evaluate(SEEN)
        if found == "body":
            break
        unseen += [found] if found else []
    assert unseen == []


def test_the_hall_works_without_scripts(journey: Journey) -> None:
    page = journey.opened(narrow=True, java_script_enabled=False)
    page.goto("/")
    page.get_by_label("您要办什么事？").fill("招牌")
    page.get_by_role("button", name="搜索").last.click()
    page.get_by_role("link", name="户外招牌设施设置规范管理").click()
    page.get_by_role("link", name="开始办理").click()
    page.wait_for_url("**/accounts/login/**")
    journey.sign_in(page, "lin")
    page.wait_for_url("**/apply/**")
    page.locator("input[name=applicant]").first.check()
    page.get_by_role("button", name="下一步").click()
    for name in ("q-historic", "q-large"):
        page.locator(f"input[name={name}]").first.check()
    page.get_by_role("button", name="下一步").click()
    fill(page, answers_for(SIGN))
    page.get_by_role("button", name="下一步").click()
    section = page.locator("section.material").first
    section.locator("input[type=file]").first.set_input_files([upload("执照.pdf", a_pdf())])
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/apply/done/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("已经提交")
