"""The door of supervision."""

from yimen.modules.supervision.models import Card, Rule
from yimen.modules.supervision.queries.cards import card_with_number, possible_acts, to_answer, xs_visible_to
from yimen.modules.supervision.queries.evaluating import evaluate
from yimen.modules.supervision.queries.persons import words_for
from yimen.modules.supervision.rules.spec import Finding, Period, RuleSpec
from yimen.modules.supervision.services.acts import ACTS, act
from yimen.modules.supervision.services.rules import save_rule, seed_rules, switch_off, switch_on
from yimen.modules.supervision.services.scoring import seed_formula
from yimen.modules.supervision.services.sweeping import sweep_clocks, sweep_events, sweep_sets

__all__ = [
    "ACTS",
    "Card",
    "Finding",
    "Period",
    "Rule",
    "RuleSpec",
    "act",
    "card_with_number",
    "evaluate",
    "possible_acts",
    "save_rule",
    "seed_formula",
    "seed_rules",
    "sweep_clocks",
    "sweep_events",
    "sweep_sets",
    "switch_off",
    "switch_on",
    "to_answer",
    "words_for",
    "xs_visible_to",
]
