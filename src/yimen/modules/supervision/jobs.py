"""Repeated duties of supervision, and its part in verifying the trace."""

from datetime import datetime, timedelta

from yimen.foundation.outbox.api import repeat
from yimen.foundation.trace.api import check_states_with
from yimen.modules.deadlines.api import declare_kind
from yimen.modules.supervision.services.acts import rebuilt_state_differs
from yimen.modules.supervision.services.sweeping import sweep_clocks, sweep_events, sweep_sets
from yimen.modules.supervision.services.trials import stuck_trials
from yimen.modules.supervision.states import CLOCK_LABELS, EVENT_KIND
from yimen.modules.supervision.worker import carry_out_trial

for kind, label in CLOCK_LABELS.items():
    declare_kind(kind, label)


def resume_trials(at: datetime) -> int:
    """Queue every trial whose worker fell silent once more; the number of them."""
    runs = stuck_trials(at)
    for run_id in runs:
        carry_out_trial.enqueue(run_id)
    return len(runs)


repeat("supervision.sweep_clocks", timedelta(minutes=5), sweep_clocks)
repeat("supervision.sweep_events", timedelta(minutes=1), sweep_events)
repeat("supervision.sweep_sets", timedelta(hours=24), sweep_sets)
repeat("supervision.resume_trials", timedelta(minutes=5), resume_trials)
check_states_with(EVENT_KIND, rebuilt_state_differs)
