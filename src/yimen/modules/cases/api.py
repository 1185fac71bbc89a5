"""The door of cases."""

from yimen.modules.cases.asking import AskedThing, asked_things, not_needed
from yimen.modules.cases.ledger import ledger_of, ledgers_of
from yimen.modules.cases.listing import closed_total
from yimen.modules.cases.models import Application, Case, CaseLink, Material, OpinionRequest
from yimen.modules.cases.papers import (
    Alike,
    AskedPaper,
    Grouping,
    Paper,
    Reference,
    group_requirements,
    plain_name,
)
from yimen.modules.cases.queries import (
    application_with_number,
    case_with_number,
    cases_in_scope,
    cases_visible_to,
    effects_of_ending,
    joint_due,
    last_notice,
    opinions_waiting_for,
    own_applications,
    own_cases,
    possible_acts,
    waits_of,
)
from yimen.modules.cases.rules import (
    extension_of,
    missing_materials,
    open_reviews,
    required_materials,
    unmet_conditions,
)
from yimen.modules.cases.services.acts.opinions import give_opinion
from yimen.modules.cases.services.following import extend_promise_to_running, longer_promises, preview_promise
from yimen.modules.cases.services.intake.applicant import AgentIn, ApplicantIn
from yimen.modules.cases.services.intake.composing import register_composer
from yimen.modules.cases.services.intake.hand_in import HandIn, check_answers, hand_in, merged_form
from yimen.modules.cases.services.intake.materials import MaterialIn
from yimen.modules.cases.services.joint.bringing import bring
from yimen.modules.cases.services.joint.planning import Dependency
from yimen.modules.cases.services.joint.telling import tell_together
from yimen.modules.cases.services.joint.together import accept_together, correct_together
from yimen.modules.cases.services.perform import ACTS, act
from yimen.modules.cases.states import DECIDED, FINAL, MACHINE, STATE_LABELS, CaseState, permits

__all__ = [
    "ACTS",
    "DECIDED",
    "FINAL",
    "MACHINE",
    "STATE_LABELS",
    "AgentIn",
    "Alike",
    "ApplicantIn",
    "Application",
    "AskedPaper",
    "AskedThing",
    "Case",
    "CaseLink",
    "CaseState",
    "Dependency",
    "Grouping",
    "HandIn",
    "Material",
    "MaterialIn",
    "OpinionRequest",
    "Paper",
    "Reference",
    "accept_together",
    "act",
    "application_with_number",
    "asked_things",
    "bring",
    "case_with_number",
    "cases_in_scope",
    "cases_visible_to",
    "check_answers",
    "closed_total",
    "correct_together",
    "effects_of_ending",
    "extend_promise_to_running",
    "extension_of",
    "give_opinion",
    "group_requirements",
    "hand_in",
    "joint_due",
    "last_notice",
    "ledger_of",
    "ledgers_of",
    "longer_promises",
    "merged_form",
    "missing_materials",
    "not_needed",
    "open_reviews",
    "opinions_waiting_for",
    "own_applications",
    "own_cases",
    "permits",
    "plain_name",
    "possible_acts",
    "preview_promise",
    "register_composer",
    "required_materials",
    "tell_together",
    "unmet_conditions",
    "waits_of",
]  # fmt: skip
