from yimen.foundation.calendar.tests.factories import no_calendar_from_another_test, outbox

__all__ = ["no_calendar_from_another_test", "outbox"]
