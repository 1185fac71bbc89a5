"""What stories about one thing share: found and applied for on pages; what only moves it along is done through the services."""

import re
from datetime import datetime
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Journey
from tests.journeys.walking import (
    a_pdf,
    answers_for,
    choose_centre,
    choose_situations,
    fill,
    hand_over,
    name_of,
    press,
    upload,
)
from yimen.foundation.trace import api as trace
from yimen.kernel import clock
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import officer
from yimen.modules.deadlines import api as deadlines


def find_thing(page: Page, said: str, name: str) -> None:
    page.goto("/things/")
    page.get_by_role("searchbox", name="找一件事").fill(said)
    press(page, "查找")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def apply_for_thing(
    journey: Journey, page: Page, slugs: set[str], *, together: bool = False, **known: Any
) -> str:
    """From the page of a thing, its questions answered, to the number of the application; every paper as a file.

    Args:
        together: take the results all at once.
        known: answers that the story gives in place of the dictionary's examples.
    """
    values = {code: past(value) for code, value in answers_for(*sorted(slugs)).items()}
    values |= {code: "2026-02-10" for code in values if code.startswith("child_birth_date")} | known
    page.get_by_role("link", name="开始办理").click()
    page.wait_for_url("**/apply/?theme=**")
    page.locator("input[name=applicant]").first.check()
    press(page, "下一步")
    while page.locator("input[name=_step][value=questions]").count():
        choose_situations(page, values)
        press(page, "下一步")
    fill(page, values)
    expect(page.locator("[data-saved-line]")).to_contain_text("已保存")
    press(page, "下一步")
    expect(page.locator("input[name=_step][value=materials]")).to_be_attached()
    for count, section in enumerate(page.locator("section.material").all(), 1):
        upload_way = section.locator("input[type=radio][value=file]")
        if upload_way.count():
            upload_way.check()
        hand_over(page, section, upload(f"材料{count}.pdf", a_pdf(str(count))))
    press(page, "下一步")
    expect(page.locator(".review-plan")).to_be_visible()
    page.locator(f"input[name=together][value={'yes' if together else 'no'}]").check()
    ways = page.locator("input[name=delivery][value=window]")
    if ways.count():
        ways.check()
    choose_centre(page)
    press(page, "提交申请")
    page.wait_for_url("**/apply/done/**")
    journey.work()
    return page.locator("#application-number").inner_text().strip()


def past(value: object) -> object:
    """A day that has come already on the story's days."""
    text = str(value)
    return "2026-02-20" if re.fullmatch(r"20\d\d-\d\d-\d\d", text) and text > "2026-02-20" else value


def rows_of(application: str) -> dict[str, cases.Case]:
    """The cases of an application, by the short name of their item."""
    rows = cases.Case.objects.filter(application__number=application).select_related(
        "application", "item", "organisation"
    )
    return {case.item.slug: case for case in rows}


def moment_of(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=clock.CHINA)


def clocks_of(case: cases.Case) -> dict[str, deadlines.Clock]:
    """The newest clock of each kind of a case."""
    [found] = deadlines.clocks_of("case", [case.number]).values()
    return {one.kind: one for one in found}


def accept(journey: Journey, case: cases.Case, day: str) -> None:
    journey.day(day)
    cases.act(case.number, "accept", {}, officer(case.organisation), moment_of(day))


def reviewed(case: cases.Case, day: str) -> cases.Case:
    """Accepted and reviewed by two officers of its department."""
    one, other = officer(case.organisation, name="经办一"), officer(case.organisation, name="经办二")
    if case.state == "submitted":
        case = cases.act(case.number, "accept", {}, one, moment_of(day))
    while "pass_step" in cases.possible_acts(case, one):
        [step, *_] = cases.open_reviews(case.published.content.steps, case.flow)
        signed = {"opinion": "符合条件，同意。", "step": step}
        for who in (one, other):
            if step in cases.open_reviews(case.published.content.steps, case.flow):
                case = cases.act(case.number, "pass_step", signed, who, moment_of(day))
    return case


def grant(journey: Journey, case: cases.Case, day: str) -> None:
    journey.day(day)
    case = reviewed(case, day)
    cases.act(case.number, "decide", {"outcome": "granted"}, officer(case.organisation), moment_of(day))
    journey.work()


def ask(journey: Journey, case: cases.Case, day: str, reason: str) -> None:
    """The department finds its first material wanting."""
    journey.day(day)
    first = case.published.content.materials[0].code
    missing = {"missing": [{"requirement": first, "reason": reason}]}
    cases.act(case.number, "request_correction", missing, officer(case.organisation), moment_of(day))


def everything_is_right(number: str, day: str) -> None:
    """The ledgers add up to the elapsed time, the joint promise was kept, every chain is whole."""
    at = moment_of(day)
    for case in rows_of(number).values():
        rows = cases.ledger_of(case, at)
        begun = trace.events_of("case", case.number).first()
        assert begun is not None
        elapsed = int((at - begun.at).total_seconds())
        assert abs(sum(seconds for row in rows for _, seconds in row.shares) - elapsed) <= len(rows), name_of(
            case.item.slug
        )
        assert list(trace.verify_chain("case", case.number)) == []
    [promise] = deadlines.clocks_of("application", [number])[number]
    assert promise.state == "met"
