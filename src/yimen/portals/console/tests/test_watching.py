"""Who opens the personal data of many within an hour is told to the auditors, once."""

from datetime import timedelta

import pytest
from django.test import Client

from yimen.foundation.identity.tests.factories import AT, acting, staff
from yimen.foundation.trace import api as trace
from yimen.kernel.clock import travel_to
from yimen.portals.console.tests.factories import signed_in
from yimen.portals.console.watching import alerts, note_much_reading

pytestmark = [pytest.mark.django_db, pytest.mark.urls("yimen.portals.console.tests.urls")]


def test_reading_much_is_told_once_and_shown_to_the_auditor() -> None:
    quiet, busy = acting(staff("chen")), acting(staff("zhao"))
    for n in range(61):
        trace.record_reading(busy, "person", str(n), "浏览", AT + timedelta(seconds=n))
        trace.record_reading(quiet, "person", "7", "同一个人", AT + timedelta(seconds=n))
    later = AT + timedelta(minutes=5)
    assert note_much_reading(later) == 1 and note_much_reading(later + timedelta(minutes=10)) == 0
    [told] = alerts(AT)
    assert (told.subject_key, told.act) == ("zhao", "read_much") and "61" in told.note
    assert note_much_reading(later + timedelta(hours=2)) == 0
    with travel_to(later):
        page = signed_in("shenji").get("/console/trace/readings/").content.decode()
        assert "查看过多" in page and "zhao" in page
        client: Client = signed_in("qian")
        assert "查看过多" not in client.get("/console/trace/readings/").content.decode()
