"""What a background worker carries out for this module."""

from django_tasks import task

from yimen.kernel.clock import now
from yimen.modules.supervision.services.trials import run_trial


@task()
def carry_out_trial(run_id: int) -> None:
    """Try a rule on past events."""
    run_trial(run_id, now)
