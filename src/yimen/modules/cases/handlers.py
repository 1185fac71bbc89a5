"""What cases add to lower modules: which open cases a change of a standard touches."""

from yimen.modules.cases.queries import impact_on_cases
from yimen.modules.items.api import register_impact

register_impact(impact_on_cases)
