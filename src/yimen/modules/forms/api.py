"""The door of forms."""

from yimen.modules.forms.checking import (
    check_form,
    clean_values,
    facts,
    form_problems,
    known_kinds,
    required_fields,
    visible_fields,
)
from yimen.modules.forms.controls import DivisionGroup
from yimen.modules.forms.definition import FormDefinition, FormField, FormSection
from yimen.modules.forms.elements import ELEMENTS, Choice, DataElement, element_named
from yimen.modules.forms.merging import MergeConflict, asked_by, merge_definitions
from yimen.modules.forms.posting import cleared_fields, is_refresh, posted_values
from yimen.modules.forms.prefilling import Prefilled, facts_of_id_number, prefill
from yimen.modules.forms.presenting import PresentedField, PresentedSection, present, words
from yimen.modules.forms.queries import (
    LoadedDraft,
    division_choices,
    draft_with_id,
    drafts_visible_to,
    load_draft,
    revisions_of,
)
from yimen.modules.forms.rendering import render_form
from yimen.modules.forms.schema import json_schema
from yimen.modules.forms.services import (
    SavedDraft,
    discard_draft,
    discard_drafts_about,
    purge_drafts,
    save_draft,
)

__all__ = [
    "ELEMENTS",
    "Choice",
    "DataElement",
    "DivisionGroup",
    "FormDefinition",
    "FormField",
    "FormSection",
    "LoadedDraft",
    "MergeConflict",
    "Prefilled",
    "PresentedField",
    "PresentedSection",
    "SavedDraft",
    "asked_by",
    "check_form",
    "clean_values",
    "cleared_fields",
    "discard_draft",
    "discard_drafts_about",
    "division_choices",
    "draft_with_id",
    "drafts_visible_to",
    "element_named",
    "facts",
    "facts_of_id_number",
    "form_problems",
    "is_refresh",
    "json_schema",
    "known_kinds",
    "load_draft",
    "merge_definitions",
    "posted_values",
    "prefill",
    "present",
    "purge_drafts",
    "render_form",
    "required_fields",
    "revisions_of",
    "save_draft",
    "visible_fields",
    "words",
]
