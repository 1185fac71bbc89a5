import pytest

from yimen.foundation.calendar.api import forget_calendars
from yimen.kernel import events


@pytest.fixture(autouse=True)
def no_calendar_from_another_test():
    forget_calendars()
    yield
    forget_calendars()


@pytest.fixture
def outbox(monkeypatch):
    """Collects after-commit deliveries instead of storing them."""
    sent = []
    monkeypatch.setattr(events, "_outbox", [lambda event, names: sent.append((event, names))])
    return sent
