"""The module's part in verifying the trace: a project's stored state is the one its chain leads to."""

from yimen.foundation.trace.api import check_states_with
from yimen.modules.projects.queries.projects import rebuilt_state_differs
from yimen.modules.projects.states import EVENT_KIND

check_states_with(EVENT_KIND, rebuilt_state_differs)
