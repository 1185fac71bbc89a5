"""Repeated duties of the cases module, and its part in verifying the trace."""

from datetime import timedelta

from yimen.foundation.outbox.api import repeat
from yimen.foundation.trace.api import check_states_with
from yimen.modules.cases.queries import rebuilt_state_differs
from yimen.modules.cases.services.acts.opinions import count_silence
from yimen.modules.cases.services.joint.telling import tell_before_silence_counts
from yimen.modules.cases.services.sweeps import deem_accepted
from yimen.modules.cases.services.tallying import tally_closed

repeat("cases.tell_together", timedelta(minutes=30), tell_before_silence_counts)
repeat("cases.deem_accepted", timedelta(minutes=5), deem_accepted)
repeat("cases.count_silence", timedelta(minutes=5), count_silence)
repeat("cases.tally_closed", timedelta(minutes=10), lambda at: tally_closed())
check_states_with("case", rebuilt_state_differs)
