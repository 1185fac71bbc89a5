"""Background work: versions that become valid, imports."""

from datetime import timedelta

from django_tasks import task

from yimen.foundation.identity.api import Account, actor_of
from yimen.foundation.outbox.api import repeat
from yimen.kernel.clock import now
from yimen.modules.items.models import ImportRun
from yimen.modules.items.services.importing import run_import
from yimen.modules.items.services.publishing import activate_due

repeat("items.activate_due", timedelta(minutes=10), activate_due)


@task()
def carry_out_import(run_id: int) -> None:
    """Carry a queued import out with the grants its owner has now."""
    run = ImportRun.objects.defer("payload").get(pk=run_id)
    account = Account.objects.filter(pk=run.actor_id).first() if run.actor_id else None
    at = now()
    run_import(run_id, actor_of(account, at), at, now)
