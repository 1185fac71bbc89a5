"""After set-up: abnormal list, revocation, simple cancellation and its days, temporary premises."""

from datetime import date, timedelta

import pytest

from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.registration.errors import NameRefused
from yimen.modules.registration.models import HeldName, PremisesCertificate
from yimen.modules.registration.queries.register import premises_valid_for
from yimen.modules.registration.services import notices, standing
from yimen.modules.registration.states import MACHINE
from yimen.modules.registration.tests.factories import (
    AT,
    company,
    company_form,
    founder,
    granted,
    make_bound,
    registrar,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CANCEL = {
    "situations": (
        {"code": "cancel_way", "question": "走哪一种注销？", "options": ("普通注销", "简易注销")},
    ),
    "fields": ("entity_uscc",),
}


def cancel(entity, head, at, way="简易注销"):
    standard = make_bound("cancel", **CANCEL)
    told = cases.ApplicantIn(kind="entity", name=entity.name, uscc=entity.uscc)
    form = {"entity_uscc": entity.uscc, "cancel_way": way}
    return cases.hand_in(cases.HandIn(items=[standard.code], applicant=told, form=form), head, at)


def test_a_simple_cancellation_waits_twenty_days_and_is_asked_for_within_twenty_more() -> None:
    entity, head = company()
    with pytest.raises(NotPossible, match="还没有发布"):
        cancel(entity, head, AT)
    notice = notices.publish_notice(entity.uscc, head, AT, promised=True)
    assert (notice.starts_on, notice.ends_on, notice.apply_until) == (
        date(2026, 3, 2),
        date(2026, 3, 22),
        date(2026, 4, 11),
    )
    with pytest.raises(NotPossible, match="2026-03-22期满"):
        cancel(entity, head, AT + 20 * DAY)
    application = cancel(entity, head, AT + 40 * DAY)
    granted(application, AT + 42 * DAY)  # in time by its receipt, however long the authority takes
    entity.refresh_from_db()
    assert entity.state == "cancelled" and entity.notices.get().state == "used"
    assert HeldName.objects.get(entity=entity).held_until == entity.ended_on + timedelta(days=365)


def test_too_late_means_a_new_notice() -> None:
    entity, head = company()
    notices.publish_notice(entity.uscc, head, AT, promised=True)
    with pytest.raises(NotPossible, match="已经超过"):
        cancel(entity, head, AT + 41 * DAY)
    assert notices.end_lapsed_notices(AT + 40 * DAY) == 0
    assert notices.end_lapsed_notices(AT + 41 * DAY) == 1
    entity.refresh_from_db()
    assert entity.state == "active"


def test_an_objection_stops_the_simple_way_until_it_is_settled() -> None:
    entity, head = company()
    notices.publish_notice(entity.uscc, head, AT, promised=True)
    creditor, _ = founder("何债权")
    made = notices.object_to(entity.uscc, "欠我货款三万元没有还", creditor, AT + 5 * DAY)
    with pytest.raises(NotPossible, match="异议"):
        cancel(entity, head, AT + 30 * DAY)
    notices.dismiss_objection(made.pk, "债务已经清偿，有凭证", registrar(), AT + 22 * DAY)
    cancel(entity, head, AT + 30 * DAY)


def test_objections_come_within_the_notice_only() -> None:
    entity, head = company()
    creditor, _ = founder("何债权")
    with pytest.raises(NotPossible):
        notices.object_to(entity.uscc, "欠我货款三万元没有还", creditor, AT)
    notices.publish_notice(entity.uscc, head, AT, promised=True)
    with pytest.raises(NotPossible):
        notices.object_to(entity.uscc, "欠我货款三万元没有还", creditor, AT + 21 * DAY)
    with pytest.raises(NotAllowed):
        notices.publish_notice(entity.uscc, creditor, AT, promised=True)


def test_an_entity_on_the_abnormal_list_cannot_be_cancelled_simply() -> None:
    entity, head = company()
    notices.publish_notice(entity.uscc, head, AT, promised=True)
    standing.list_abnormal(entity.uscc, "not_reachable", "两次上门都无人", registrar(), AT + DAY)
    assert entity.notices.get().state == "ended"
    with pytest.raises(NotPossible, match="不适用简易注销"):
        cancel(entity, head, AT + 25 * DAY)
    granted(cancel(entity, head, AT + 25 * DAY, way="普通注销"), AT + 26 * DAY)
    entity.refresh_from_db()
    assert entity.state == "cancelled"


def test_the_name_of_a_cancelled_entity_stays_closed_for_a_year() -> None:
    entity, head = company()
    granted(cancel(entity, head, AT, way="普通注销"), AT)
    standard = make_bound("set_up", "company")
    actor, person = founder("王二")

    def ask(at):
        return cases.hand_in(cases.HandIn(items=[standard.code], form=company_form(person)), actor, at)

    with pytest.raises(NameRefused, match="未满一年"):
        ask(AT + 200 * DAY)
    ask(AT + 366 * DAY)


def test_a_revoked_entity_may_only_be_cancelled() -> None:
    entity, head = company()
    standing.revoke(entity.uscc, "idle", "澜市监处罚〔2026〕1号", "自行停业八个月", registrar(), AT)
    entity.refresh_from_db()
    assert entity.state == "revoked" and "澜市监处罚" in entity.events.get(kind="revoke").note
    with pytest.raises(NotPossible):
        notices.publish_notice(entity.uscc, head, AT, promised=True)
    with pytest.raises(NotPossible):
        standing.list_abnormal(entity.uscc, "not_reachable", "两次上门都无人", registrar(), AT)
    granted(cancel(entity, head, AT, way="普通注销"), AT)


def test_registrars_need_grant_and_reason() -> None:
    entity, head = company()
    with pytest.raises(Exception, match="辖区"):
        standing.list_abnormal(entity.uscc, "not_reachable", "两次上门都无人", head, AT)
    with pytest.raises(Invalid):
        standing.list_abnormal(entity.uscc, "not_reachable", "无", registrar(), AT)
    with pytest.raises(Invalid):
        standing.list_abnormal(entity.uscc, "because", "两次上门都无人", registrar(), AT)


def test_every_state_of_the_table_has_its_clause() -> None:
    assert all(step.clause for step in MACHINE.steps.values())


def premises(actor, at, **form):
    standard = make_bound(
        "premises",
        fields=(
            "premises_name",
            "premises_address",
            "lease_until",
            "application_kind",
            "original_certificate_number",
        ),
    )
    base = {
        "premises_name": "晨光小馆",
        "premises_address": {"division": "449901001000", "detail": "人民路1号"},
    }
    return granted(cases.hand_in(cases.HandIn(items=[standard.code], form=base | form), actor, at), at)


def test_temporary_premises_have_their_own_term_and_are_renewed_in_time() -> None:
    actor, _ = founder()
    premises(actor, AT, lease_until="2027-03-01")
    first = PremisesCertificate.objects.get()
    assert premises_valid_for("晨光小馆", "人民路1号", date(2027, 3, 1)) == first
    assert premises_valid_for("晨光小馆", "人民路1号", date(2027, 3, 2)) is None
    again = {
        "application_kind": "renewal",
        "original_certificate_number": first.number,
        "lease_until": "2028-03-01",
    }
    with pytest.raises(NotPossible, match="2027-01-30起"):
        premises(actor, AT + 100 * DAY, **again)
    premises(actor, AT + 350 * DAY, **again)
    second = PremisesCertificate.objects.get(renews=first)
    assert (second.valid_from, second.valid_until) == (date(2027, 3, 2), date(2028, 3, 1))
    with pytest.raises(NotPossible, match="已经延续过"):
        premises(actor, AT + 351 * DAY, **again)


def test_temporary_premises_do_not_outlast_what_the_place_allows() -> None:
    actor, _ = founder()
    with pytest.raises(Invalid, match="最长24个月"):
        premises(actor, AT, lease_until="2029-03-01")
    with pytest.raises(Invalid, match="没有编号"):
        premises(
            actor, AT, lease_until="2027-03-01", application_kind="renewal", original_certificate_number="X1"
        )
