"""What people do on every page: fill a form, put a file in, hand in. Found by name and label, as a person would."""

import io
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfWriter

from yimen.modules.items import api as items
from yimen.modules.items.models import Item
from yimen.site.demo import cases as demo

FOOD, SIGN = "food-business-new", "signboard"
"""区市场监管局 with two officers on the spot · 区城管局 with drawings checked."""
FIRST_DAY = date(2026, 3, 2)


def code_of(slug: str) -> str:
    return Item.objects.get(slug=slug).code


def name_of(slug: str) -> str:
    return items.current(code_of(slug), FIRST_DAY).content.name


def answers_for(*slugs: str) -> dict[str, Any]:
    """Believable answers for one form that serves these items."""
    values: dict[str, Any] = {}
    for slug in slugs:
        values |= demo.answers(items.current(code_of(slug), FIRST_DAY))
    return values


def a_pdf(title: str = "材料", pages: int = 1) -> bytes:
    """A small true PDF; another title makes another file."""
    writer = PdfWriter()
    writer.add_metadata({"/Title": title})
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def upload(name: str, content: bytes, kind: str = "application/pdf") -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


def choose_situations(page: Page, values: dict[str, Any], prefix: str = "q-") -> None:
    """Answer the questions about one's situation with what ``values`` says."""
    for group in page.locator(f"fieldset:has(input[type=radio][name^='{prefix}'])").all():
        name = group.locator(f"input[type=radio][name^='{prefix}']").first.get_attribute("name") or ""
        wanted = values.get(name.removeprefix(prefix))
        boxes = group.locator("input[type=radio]")
        chosen = next((b for b in boxes.all() if b.get_attribute("value") == wanted), boxes.first)
        chosen.check()


def fill(page: Page, values: dict[str, Any], prefix: str = "") -> None:
    """Put every answer where it is asked for; what was known already and what is not asked stays as it is."""
    for element, value in values.items():
        _answer(page, prefix + element, value)


def _answer(page: Page, name: str, value: Any) -> None:
    if isinstance(value, dict):
        _answer(page, f"{name}-division", value["division"])
        _answer(page, f"{name}-detail", value["detail"])
        return
    if isinstance(value, list) and value and isinstance(value[0], dict):
        for row, cells in enumerate(value):
            for column, text in cells.items():
                _answer(page, f"{name}-{row}-{column}", text)
        return
    controls = page.locator(f"[name='{name}']:not([type=hidden]):visible:enabled")
    if not controls.count():
        return
    first = controls.first
    kind = first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if kind in ("radio", "checkbox"):
        _tick(page, name, value if isinstance(value, list) else [value])
    elif kind == "select":
        if not first.input_value():
            first.select_option(str(value))
    elif not first.input_value():
        first.fill(str(value))


def _tick(page: Page, name: str, values: list[Any]) -> None:
    for value in values:
        said = (
            {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        )
        box = page.locator(f"[name='{name}'][value='{said}']:visible")
        if box.count():
            box.check()


def press(page: Page, name: str, *, within: Locator | None = None) -> None:
    """Press the button of this name and wait until the next page stands."""
    (within or page).get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def hand_over(page: Page, section: Locator, *files: Any) -> None:
    """Choose files where a material is asked for, and see that each arrived."""
    before = section.locator("[data-state=done]").count()
    section.locator("input[type=file]").first.set_input_files(list(files))
    expect(section.locator("[data-state=done]")).to_have_count(before + len(files))


def choose_centre(page: Page, code: str = "lanjiang") -> None:
    """Say at which centre the result will be fetched, where the page asks."""
    asked = page.locator("select[name=centre]:visible")
    if asked.count():
        asked.select_option(code)


def apply_for(page: Page, *slugs: str, until: str = "done", here: bool = False) -> str:
    """Go through the steps of applying for oneself, with every file, and hand in; the application's number.

    Args:
        until: ``form``, ``materials`` or ``check`` stops there with the step filled; ``done`` hands in.
        here: the page stands at the first step already.
    """
    if not here:
        page.goto("/apply/?" + "&".join(f"item={code_of(slug)}" for slug in slugs))
    values = answers_for(*slugs)
    page.locator("input[name=applicant]").first.check()
    press(page, "下一步")
    if page.locator("input[name=_step][value=questions]").count():
        choose_situations(page, values)
        press(page, "下一步")
    fill(page, values)
    expect(page.locator("[data-saved-line]")).to_contain_text("已保存")
    if until == "form":
        return ""
    press(page, "下一步")
    expect(page.locator("input[name=_step][value=materials]")).to_be_attached()
    for number, section in enumerate(page.locator("section.material").all(), 1):
        hand_over(page, section, upload(f"材料{number}.pdf", a_pdf(str(number))))
    if until == "materials":
        return ""
    press(page, "下一步")
    expect(page.get_by_role("button", name="提交申请")).to_be_visible()
    ways = page.locator("input[name=delivery][value=window]")
    if ways.count():
        ways.check()
    choose_centre(page)
    if until == "check":
        return ""
    press(page, "提交申请")
    page.wait_for_url("**/apply/done/**")
    return page.locator("#application-number").inner_text().strip()


# --- at the desk


def open_case(page: Page, number: str, act: str = "") -> None:
    """Open a case at the desk, with the form of an act."""
    page.goto(f"/desk/cases/{number}/" + (f"?act={act}" if act else ""))


def perform(page: Page, button: str) -> None:
    """Press the act's own button and see that it was done."""
    page.locator("form.act-form").get_by_role("button", name=button).click()
    page.wait_for_url("**done=**")


def state_of(page: Page) -> str:
    return page.locator(".work-number").inner_text()
