"""What must not happen after the end of a case, and whose a case is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.errors import NotAllowed, NotFound, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.cases.models import OpinionRequest
from yimen.modules.cases.queries import may_see, steps_open_to
from yimen.modules.cases.services.acts.opinions import count_silence
from yimen.modules.cases.tests.factories import AT, brought_to, clerk, handed_in, officer, only_case, resident
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items.content import Joint, Limit, ReviewStep
from yimen.modules.items.tests.factories import make_organisation, make_standard

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def with_opinion() -> dict[str, object]:
    make_organisation("asked")
    joint = Joint(organisations=("asked",), silence_days=2, silence_means="agree")
    return {
        "steps": (
            ReviewStep(code="ask", name="征求意见", post="reviewer", joint=joint),
            ReviewStep(code="decide", name="决定", post="head"),
        )
    }


def asked_officer() -> Actor:
    organisation = make_organisation("asked")
    return replace(
        officer(organisation), grants={"desk:opinion:give": (Scope(organisation_id=organisation.pk),)}
    )


@pytest.mark.parametrize("ending", ["decide", "terminate"])
def test_nobody_waits_for_an_opinion_after_the_end(ending: str) -> None:
    case, office = brought_to("accepted", content=with_opinion())
    [request] = cases.opinions_waiting_for(asked_officer())
    payload = {
        "decide": {"outcome": "refused", "reason": "条件不符合"},
        "terminate": {"clause": "行政许可法第七十条", "reason": "主体终止"},
    }[ending]
    cases.act(case.number, ending, payload, office, AT + 2 * DAY)
    length = trace.events_of("case", case.number).count()
    assert list(cases.opinions_waiting_for(asked_officer())) == []
    assert count_silence(AT + 30 * DAY) == 0
    with pytest.raises(NotPossible, match="不再需要"):
        cases.give_opinion(request.pk, "agree", "晚到", asked_officer(), AT + 3 * DAY)
    assert trace.events_of("case", case.number).count() == length
    [found] = deadlines.clocks_of("case_opinion", [f"{case.number}:ask:{request.organisation_id}"]).values()
    assert [clock.state for clock in found] == ["cancelled"]


def test_a_step_that_waits_for_opinions_is_open_to_nobody() -> None:
    case, office = brought_to("accepted", content=with_opinion())
    assert steps_open_to(case, office) == [] and "pass_step" not in cases.possible_acts(case, office)
    request = OpinionRequest.objects.get(case=case)
    cases.give_opinion(request.pk, "agree", "同意", asked_officer(), AT + DAY)
    assert steps_open_to(case, office) == ["ask"]


def test_checking_a_promise_does_not_end_the_case_again() -> None:
    case, office = brought_to("delivered")
    cases.Case.objects.filter(pk=case.pk).update(promised=1)
    finished = cases.Case.objects.get(pk=case.pk).finished_at
    after = cases.act(case.number, "check_promise", {"outcome": "kept"}, office, AT + 40 * DAY)
    after.refresh_from_db()
    assert (after.state, after.finished_at, after.is_open) == ("delivered", finished, False)


def test_a_promise_already_broken_does_not_stand_against_an_extension() -> None:
    steps = (
        ReviewStep(code="review", name="审查", post="reviewer"),
        ReviewStep(code="decide", name="决定", post="head"),
    )
    case, office = brought_to("accepted", content={"promised_limit": Limit(amount=2), "steps": steps})
    late = AT + 10 * DAY
    case = cases.act(case.number, "extend", {"days": 5, "reason": "案情复杂"}, office, late)
    [found] = deadlines.clocks_of("case", [case.number]).values()
    extended = {clock.kind: len(clock.extensions) for clock in found if clock.kind in ("legal", "promised")}
    assert extended == {"legal": 1, "promised": 0}


def test_the_clerk_who_typed_it_in_is_not_the_applicant() -> None:
    typist = clerk()
    standard = make_standard()
    told = cases.ApplicantIn(name="林晓燕", id_number=resident_number())
    case = only_case(handed_in(typist, items=[standard.code], applicant=told, centre="test-centre"))
    assert "withdraw" not in cases.possible_acts(case, typist)
    with pytest.raises(NotAllowed):
        cases.act(case.number, "withdraw", {}, typist, AT)
    gone = replace(typist, grants={})
    assert not may_see(case, gone)
    with pytest.raises(NotFound):
        cases.case_with_number(case.number, gone)


def resident_number() -> str:
    from yimen.modules.cases.tests.factories import id_number

    return id_number(321)


def test_a_draft_is_invisible_to_the_office() -> None:
    actor = resident()
    case = only_case(handed_in(actor, draft=True))
    assert may_see(case, actor)
    assert not may_see(case, officer())
    assert list(trace.verify_chain("case", case.number)) == []


def test_only_the_right_things_are_offered() -> None:
    case, office = brought_to("submitted")
    assert "decide" not in cases.possible_acts(case, office), "acceptance comes first"
    case, office = brought_to("accepted", content={"legal_limit": Limit(amount=1, unit="month")})
    possible = cases.possible_acts(case, office)
    assert "extend" not in possible, "only limits in working days can be extended so"
    assert "return_step" not in possible
    certifier = officer(case.organisation, "certifier")
    assert "pass_step" not in cases.possible_acts(case, certifier)
