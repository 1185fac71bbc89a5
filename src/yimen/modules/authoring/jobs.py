"""Duties: imports whose worker died are taken up again."""

from datetime import datetime, timedelta

from yimen.foundation.outbox.api import repeat
from yimen.modules.authoring.services.runs import stuck_imports
from yimen.modules.authoring.worker import carry_out_import


def resume_imports(at: datetime) -> int:
    """Queue every import whose worker fell silent once more; the number of them."""
    runs = stuck_imports(at)
    for run_id in runs:
        carry_out_import.enqueue(run_id)
    return len(runs)


repeat("authoring.resume_imports", timedelta(minutes=5), resume_imports)
