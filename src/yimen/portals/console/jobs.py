"""Background work of the console: verification of the whole trace, and who looks at much."""

from datetime import timedelta

import structlog
from django_tasks import task

from yimen.foundation.outbox.api import repeat
from yimen.kernel.clock import now
from yimen.portals.console.models import Verification
from yimen.portals.console.services import carry_out
from yimen.portals.console.watching import note_much_reading

log = structlog.get_logger()

repeat("console.note_much_reading", timedelta(minutes=10), note_much_reading)


@task()
def verify_everything(run_id: int) -> None:
    """Carry one run out; a run that breaks says so instead of staying under way for ever."""
    try:
        carry_out(run_id, now)
    except Exception as error:
        log.exception("verification failed", run=run_id)
        Verification.objects.filter(pk=run_id).update(error=f"{type(error).__name__}: {error}"[:300])
        raise
