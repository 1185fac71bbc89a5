"""What a background worker carries out for this module."""

from django_tasks import task

from yimen.foundation.identity.api import Account, actor_of
from yimen.kernel.clock import now
from yimen.modules.authoring.models import ImportRun
from yimen.modules.authoring.services.runs import run_import


@task()
def carry_out_import(run_id: int) -> None:
    """Carry a queued import out with the grants its owner has now."""
    run = ImportRun.objects.defer("payload").get(pk=run_id)
    account = Account.objects.filter(pk=run.actor_id).first() if run.actor_id else None
    at = now()
    run_import(run_id, actor_of(account, at), at, now)
