"""Background work of the console: verification of the whole trace."""

import structlog
from django_tasks import task

from yimen.kernel.clock import now
from yimen.portals.console.models import Verification
from yimen.portals.console.services import carry_out

log = structlog.get_logger()


@task()
def verify_everything(run_id: int) -> None:
    """Carry one run out; a run that breaks says so instead of staying under way for ever."""
    try:
        carry_out(run_id, now)
    except Exception as error:
        log.exception("verification failed", run=run_id)
        Verification.objects.filter(pk=run_id).update(error=f"{type(error).__name__}: {error}"[:300])
        raise
