"""Background work of insight: experiments."""

import structlog
from django_tasks import task

from yimen.kernel.clock import now
from yimen.modules.insight.services.experiments import carry_out, fail

log = structlog.get_logger()


@task()
def run_experiment(key: int) -> None:
    """Carry one experiment out; one that breaks says so."""
    try:
        carry_out(key, now)
    except Exception as error:
        log.exception("experiment failed", experiment=key)
        fail(key, error)
        raise
