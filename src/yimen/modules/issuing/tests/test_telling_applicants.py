"""Whoever applied hears of each act that concerns him, once; the sentence that leaves names neither person nor matter."""

import pytest

from yimen.foundation.notices import api as notices
from yimen.foundation.trace import api as trace
from yimen.modules.cases.events import CaseActed
from yimen.modules.cases.tests.factories import ROADS, brought_to
from yimen.modules.issuing.notifying import tell_applicant

pytestmark = pytest.mark.django_db


def tell_all(case):
    for event in trace.events_of("case", case.number):
        tell_applicant(
            CaseActed(
                at=event.at, case_id=case.pk, number=case.number, act=event.act, sequence=event.sequence,
                from_state=event.from_state, to_state=event.to_state,
            )
        )  # fmt: skip


@pytest.mark.parametrize("state", ROADS)
def test_every_road_is_told_once(state):
    case, _ = brought_to(state)
    tell_all(case)
    told = list(notices.Notice.objects.order_by("id"))
    tell_all(case)
    assert notices.Notice.objects.count() == len(told) >= 1
    assert told[0].title == "申请已收到"
    for notice in told:
        assert notice.person_id == case.application.person_id and notice.link == f"/my/cases/{case.number}/"
        assert "{" not in notice.body and "测试" in notice.body
    for sending in notices.Sending.objects.all():
        assert (
            "林晓燕" not in sending.text
            and "测试经营许可" not in sending.text
            and case.number in sending.text
        )


def test_steps_of_review_are_the_offices_own_business():
    case, _ = brought_to("in_review")
    tell_all(case)
    assert [n.kind for n in notices.Notice.objects.order_by("id")] == ["case.submit", "case.accept"]


def test_an_agent_hears_of_it_too_and_a_representative_reads_the_message_of_the_enterprise():
    from yimen.foundation.identity.tests.factories import entity, person

    case, _ = brought_to("submitted")
    agent, firm = person("周代办"), entity()
    case.application.agent = agent
    case.application.save()
    tell_all(case)
    assert {n.person_id for n in notices.Notice.objects.all()} == {case.application.person_id, agent.pk}
    notices.Notice.objects.all().delete()
    firm.legal_representative = agent
    firm.save()
    case.application.person, case.application.entity = None, firm
    case.application.save()
    tell_all(case)
    [notice] = notices.Notice.objects.all()
    assert notice.entity_id == firm.pk and notice.person_id is None


def test_the_promised_day_is_that_of_the_act_however_late_it_is_told():
    case, _ = brought_to("granted")
    tell_all(case)
    first = notices.Notice.objects.order_by("id")[0]
    assert "2026年3月9日前答复您是否受理" in first.body  # five working days after Monday 2 March
