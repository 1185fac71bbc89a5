"""A clerk takes two matters for the person standing in front without touching the mouse."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.walking import SIGN, answers_for, name_of
from yimen.foundation.identity.models import Account
from yimen.modules.cases.models import Application

pytestmark = pytest.mark.journey

TRADER = "sole-trader-setup"
MOST_STOPS = 150
FOCUS = """() => { const e = document.activeElement;
  const marked = (el) => el && (getComputedStyle(el).outlineStyle !== 'none' || getComputedStyle(el).boxShadow !== 'none');
  return {tag: e.tagName, type: e.type || '', name: e.name || '', value: e.value || '', checked: !!e.checked,
          words: e.textContent.trim().slice(0, 40), proceed: 'proceed' in e.dataset, thing: !!e.closest('[data-thing]'),
          visible: marked(e) || marked(e.closest('label')) || marked(e.nextElementSibling)}; }"""


class Keys:
    """Only keys are sent; the page is looked at, never clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def at(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(FOCUS)
        return found

    def on(self, step: str) -> None:
        """Wait until the window stands at this step, and the focus in it."""
        expect(self.page.locator("#flow")).to_have_attribute("data-step", step)
        expect(
            self.page.locator("#flow.htmx-settling, #flow.htmx-swapping, #flow .htmx-request")
        ).to_have_count(0)
        self.page.wait_for_function("() => document.activeElement.closest('.leg-current .leg-body')")

    def fill_form(self, values: dict[str, Any], prefix: str) -> None:
        """Tab from the first field to the last; put in what is empty; stop at the button that goes on."""
        while self.page.evaluate("() => !!document.activeElement.closest('.leg-current .leg-body')"):
            self.press("Shift+Tab")
        self.press("Tab")
        for _ in range(MOST_STOPS):
            here = self.at()
            if here["proceed"]:
                return
            assert here["visible"] or here["tag"] in ("BODY", "MAIN", "FIELDSET") or here["type"] == "date", (
                f"no focus to be seen: {here}"
            )
            self._answer(here, values, prefix)
            self.press("Tab")
        raise AssertionError("the form never ends")

    def _answer(self, here: dict[str, Any], values: dict[str, Any], prefix: str) -> None:
        if here["type"] == "radio":
            self._choose(values.get(here["name"].removeprefix(prefix).removeprefix("a-")))
        elif here["tag"] == "SELECT" and not here["value"]:
            self.press("ArrowDown")
        elif here["type"] in ("text", "tel", "number", "textarea", "email") and not here["value"]:
            wanted = _text_for(here["name"].removeprefix(prefix), values)
            if wanted:
                self.type(wanted)
        elif here["type"] == "date" and not here["value"]:
            self._date("04012026")
            if self.at()["value"] != "2026-04-01":  # the browser's language orders the parts otherwise
                self.press("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft")
                self._date("2026>0401")

    def _choose(self, wanted: Any) -> None:
        """Arrow through a group of choices to the wanted one; the first one met when nothing is wanted."""
        said = str(wanted).lower() if isinstance(wanted, bool) else str(wanted or "")
        for _ in range(12):
            here = self.at()
            if not said or here["value"] == said:
                self.press("Space")
                return
            self.press("ArrowDown")

    def _date(self, digits: str) -> None:
        self.press(*("ArrowRight" if digit == ">" else digit for digit in digits))


def _text_for(name: str, values: dict[str, Any]) -> str:
    code, _, part = name.partition("-")
    value = values.get(code, "")
    return str(value.get(part, "") if isinstance(value, dict) else value)


def test_two_matters_by_keyboard_only(journey: Journey) -> None:
    page = journey.signed_in("chen")
    keys = Keys(page)
    page.goto("/desk/")
    journey.picture(page, "desk-today")
    keys.press("g", "w")
    page.wait_for_url("**/desk/window/**")

    person = Account.objects.select_related("person").get(username="lin").person
    assert person is not None
    keys.on("who")
    assert keys.at()["name"] == "number", "the focus stands where the number is typed"
    keys.type(person.id_number)  # found by itself at the eighteenth character
    expect(page.locator(".party")).to_contain_text("已登记")
    journey.picture(page, "desk-window-who")
    keys.press("Control+Enter")

    keys.on("matter")
    for said, slug in (("个体户", TRADER), ("招牌", SIGN)):
        keys.type(said)
        expect(page.locator("#found")).to_contain_text(name_of(slug))
        _pick(keys, page, name_of(slug))
        expect(page.get_by_role("list", name="已选事项")).to_contain_text(name_of(slug))
        keys.on("matter")
    expect(page.get_by_label("跟来人说清楚")).to_contain_text("怎么办、多久")
    journey.picture(page, "desk-window-matter")
    keys.press("Control+Enter")

    keys.on("form")
    here = keys.at()
    assert not here["checked"] and (here["type"] == "radio" or not here["value"]), (
        "the focus stands on an answer"
    )
    keys.fill_form(answers_for(TRADER, SIGN) | {"entity_proposed_name": "粤海市澜江区暖阳小吃店"}, "v-")
    journey.picture(page, "desk-window-form")
    keys.press("Control+Enter")

    keys.on("materials")
    assert keys.at()["thing"], "the focus stands on the first material"
    keys.press("1")
    journey.picture(page, "desk-window-materials")
    keys.press("Alt+a")
    expect(page.locator("[data-thing]").last.get_by_label("收纸质")).to_be_checked()
    keys.on("materials")
    keys.press("Control+Enter")

    keys.on("check")
    journey.picture(page, "desk-window-check")
    with page.context.expect_page() as printed:
        keys.press("Control+Enter")
    page.wait_for_url("**/desk/window/received/**")
    printed.value.close()
    keys.press("Alt+g")  # the department lets the window decide what is decided on the spot
    expect(page.locator(".received-cases")).to_contain_text("准予")
    keys.press("Alt+a")  # the licence is there, so the sign can begin
    expect(page.locator(".received-cases")).to_contain_text("已受理")
    journey.picture(page, "desk-window-received")

    application = Application.objects.get(number=page.url.rstrip("/").rsplit("/", 1)[1].partition("?")[0])
    states = dict(application.cases.values_list("item__slug", "state"))
    assert states == {TRADER: "granted", SIGN: "accepted"}
    assert application.channel == "window" and application.person_id == person.pk
    keys.press("Alt+n")
    page.wait_for_url("**/desk/window/**")
    keys.on("who")
    assert keys.at()["name"] == "number"


def _pick(keys: Keys, page: Page, name: str) -> None:
    """Arrow down to the matter of this name, and take it."""
    for _ in range(8):
        keys.press("ArrowDown")
        if name in page.locator("#found .picked").inner_text():
            keys.press("Enter")
            return
    raise AssertionError(f"{name} is not among the first eight")
