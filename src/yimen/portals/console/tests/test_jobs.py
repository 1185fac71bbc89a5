"""Background work that failed is seen with its reason and tried again."""

import pytest

from yimen.foundation.identity.tests.factories import AT, person
from yimen.foundation.notices import api as notices
from yimen.foundation.outbox.models import Delivery, Schedule
from yimen.foundation.trace import api as trace
from yimen.portals.console.tests.factories import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.portals.console.tests.urls")]


def test_a_given_up_delivery_is_shown_and_put_back():
    row = Delivery.objects.create(
        event="CaseActed", handler="yimen.x.y", payload="{}", created_at=AT, available_at=AT, attempts=8,
        given_up_at=AT, last_error="OSError: 磁盘满了",
    )  # fmt: skip
    client = signed_in("root")
    assert client.get("/console/").context["tiles"][0].value == 1
    page = client.get("/console/jobs/")
    assert "磁盘满了" in page.text and page.context["page"].count == 1
    client.post(f"/console/jobs/deliveries/{row.pk}/retry/")
    row.refresh_from_db()
    assert row.given_up_at is None and row.attempts == 0
    assert "没有放弃的作业" in client.get("/console/jobs/").text
    [event] = trace.events_of("delivery", str(row.pk))
    assert (event.act, event.actor_name) == ("retry_delivery", "root")
    Delivery.objects.update(done_at=AT)
    client.post(f"/console/jobs/deliveries/{row.pk}/retry/")
    assert trace.events_of("delivery", str(row.pk)).count() == 1


def test_failed_messages_and_duties_are_shown():
    notices.notify(person=person(), title="申请已受理", at=AT)
    notices.Sending.objects.update(state="failed", failed_at=AT, reason="空号")
    Schedule.objects.create(name="trace.seal", last_run_at=AT, last_error="ValueError: 坏了")
    client = signed_in("root")
    text = client.get("/console/jobs/").text
    assert "空号" in text and "封存新的留痕" in text and "坏了" in text and "13800138000" not in text
    client.post(f"/console/jobs/sendings/{notices.Sending.objects.get().pk}/retry/")
    sending = notices.Sending.objects.get()
    assert sending.state == "queued"
    [event] = trace.events_of("sending", str(sending.pk))
    assert event.act == "retry_sending"
    auditor = signed_in("shenji").get("/console/people/audit/").text
    assert "重发消息" in auditor
