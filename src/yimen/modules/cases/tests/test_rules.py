"""Legal rules of a case that stories do not touch, each alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from yimen.foundation.orgs.models import Organisation
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.cases import rules
from yimen.modules.cases.models import OpinionRequest
from yimen.modules.cases.services.acts.opinions import count_silence
from yimen.modules.cases.states import DECIDE_INSTANT
from yimen.modules.cases.tests.factories import AT, brought_to, handed_in, officer, only_case, resident
from yimen.modules.deadlines import api as deadlines
from yimen.modules.forms import api as forms
from yimen.modules.items.content import Joint, Limit, Promise, ReviewStep, Tolerance
from yimen.modules.items.tests.factories import make_organisation, make_standard

DAY = timedelta(days=1)


def clock(case: cases.Case, kind: str) -> deadlines.Clock:
    [found] = deadlines.clocks_of("case", [case.number]).values()
    return next(c for c in found if c.kind == kind)


def test_a_joint_limit_is_extended_by_the_government() -> None:
    assert rules.extension_of(Limit(amount=20)) == rules.Extension(
        10, "本行政机关负责人", "行政许可法第四十二条第一款"
    )
    assert rules.extension_of(Limit(amount=45)).days == 15
    assert rules.extension_of(Limit(amount=45)).approver == "本级人民政府负责人"


@pytest.mark.django_db
def test_only_lawful_procedures_stop_the_clock() -> None:
    case, office = brought_to("accepted")
    with pytest.raises(Invalid, match="不计入期限"):
        cases.act(
            case.number,
            "suspend",
            {"procedure": "holiday", "clause": "部门规定", "days": 5},
            office,
            AT + 2 * DAY,
        )
    with pytest.raises(Invalid):
        cases.act(
            case.number,
            "suspend",
            {"procedure": "hearing", "clause": "行政许可法第四十五条"},
            office,
            AT + 2 * DAY,
        )


@pytest.mark.django_db
def test_delivery_has_ten_working_days() -> None:
    case, _ = brought_to("granted")
    assert clock(case, "delivery").amount == 10
    assert clock(case, "delivery").due_on == date(2026, 3, 19)


@pytest.mark.django_db
def test_a_running_case_keeps_its_standard() -> None:
    standard = make_standard()
    case = only_case(handed_in(items=[standard.code]))
    assert (case.standard_id, case.published.version) == (standard.standard_id, 1)


@pytest.mark.django_db
def test_tolerated_material_has_a_clock_and_must_come_before_granting() -> None:
    standard = make_standard(tolerance=Tolerance(days=5), steps=())
    actor, office = resident(), officer()
    given = [
        cases.MaterialIn(requirement="application", promise=None, licence="A-000001"),
        cases.MaterialIn(requirement="licence", owed=True),
    ]
    case = only_case(handed_in(actor, items=[standard.code], materials=given))
    case = cases.act(case.number, "accept", {}, office, AT)
    assert clock(case, "tolerance").due_on == date(2026, 3, 9)
    with pytest.raises(NotPossible, match="容缺"):
        cases.act(case.number, "decide", {"outcome": "granted"}, office, AT + DAY)
    case = cases.act(
        case.number,
        "supply",
        {"materials": [{"requirement": "licence", "licence": "A-000002"}]},
        actor,
        AT + DAY,
    )
    assert case.owed == 0 and clock(case, "tolerance").state == "met"
    assert cases.act(case.number, "decide", {"outcome": "granted"}, office, AT + DAY).state == "granted"


@pytest.mark.django_db
def test_a_main_material_is_not_tolerated() -> None:
    standard = make_standard(tolerance=Tolerance(days=5))
    with pytest.raises(Invalid, match="不能后补"):
        handed_in(items=[standard.code], materials=[cases.MaterialIn(requirement="application", owed=True)])


@pytest.mark.django_db
def test_a_promise_stands_for_proof_and_is_checked() -> None:
    standard = make_standard(promise=Promise(materials=("licence",), check_days=60), steps=())
    given = [cases.MaterialIn(requirement="licence", promise=True)]
    case, office = only_case(handed_in(items=[standard.code], materials=given)), officer()
    cases.act(case.number, "accept", {}, office, AT)
    case = cases.act(case.number, "decide", {"outcome": "granted"}, office, AT)
    assert clock(case, "promise_check").amount == 60
    case = cases.act(case.number, "check_promise", {"outcome": "kept"}, office, AT + 5 * DAY)
    assert clock(case, "promise_check").state == "met" and case.promised == 0
    with pytest.raises(Invalid, match="不能用告知承诺"):
        handed_in(
            items=[standard.code], materials=[cases.MaterialIn(requirement="application", promise=True)]
        )


def asked(organisation: Organisation) -> Actor:
    return Actor(
        account_id=officer().account_id,
        name="答复人",
        grants={"desk:opinion:give": (Scope(organisation_id=organisation.pk),)},
        channel="window",
    )


def joint_case(silence: str = "agree") -> tuple[cases.Case, Actor, Organisation]:
    other = make_organisation("other-org")
    joint = Joint(organisations=(other.code,), silence_days=3, silence_means=silence)  # type: ignore[arg-type]
    steps = (ReviewStep(code="review", name="审查", post="reviewer", joint=joint),)
    case, office = brought_to("accepted", content={"steps": steps})
    return case, office, other


@pytest.mark.django_db
def test_a_step_waits_for_the_opinions_it_asked() -> None:
    case, office, other = joint_case()
    with pytest.raises(NotPossible, match="意见"):
        cases.act(case.number, "pass_step", {"opinion": "同意"}, office, AT + 2 * DAY)
    [request] = cases.opinions_waiting_for(asked(other))
    with pytest.raises(NotAllowed):
        cases.give_opinion(request.pk, "agree", "", office, AT + 2 * DAY)
    cases.give_opinion(request.pk, "agree", "无意见", asked(other), AT + 2 * DAY)
    assert cases.act(case.number, "pass_step", {"opinion": "同意"}, office, AT + 2 * DAY).state == "in_review"


@pytest.mark.django_db
def test_silence_of_an_asked_organisation_counts_as_agreement() -> None:
    case, office, _ = joint_case()
    assert count_silence(AT + 4 * DAY) == 0
    assert count_silence(AT + 6 * DAY) == 1
    assert OpinionRequest.objects.get(case=case).answer == "silent"
    cases.act(case.number, "pass_step", {"opinion": "同意"}, office, AT + 6 * DAY)


@pytest.mark.django_db
def test_silence_does_not_count_where_the_standard_waits() -> None:
    joint_case("wait")
    assert count_silence(AT + 30 * DAY) == 0


@pytest.mark.django_db
def test_the_filled_form_stands_for_the_paper_form() -> None:
    section = forms.FormSection(title="申请", fields=(forms.FormField(element="applicant_email"),))
    standard = make_standard(form=forms.FormDefinition(title="申请书", sections=(section,)))
    application = handed_in(items=[standard.code], form={"applicant_email": "lin@example.cn"})
    assert list(application.materials.values_list("requirement", "source")) == [("application", "form")]


@pytest.mark.django_db
def test_a_window_that_was_given_the_power_decides_instant_items_only() -> None:
    instant, slow = make_standard(instant=True, steps=(), promised_limit=Limit(amount=0)), make_standard()
    window = officer()
    window = replace(
        window, grants={g: window.scopes("desk:case:read") for g in ("desk:case:read", DECIDE_INSTANT)}
    )
    first = only_case(handed_in(items=[instant.code]))
    assert cases.act(first.number, "decide", {"outcome": "granted"}, window, AT).state == "granted"
    second = only_case(handed_in(items=[slow.code]))
    with pytest.raises(NotAllowed):
        cases.act(second.number, "decide", {"outcome": "granted"}, window, AT)
