"""A whole form against its definition: what is shown, what must be filled, what is wrong, in sentences."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid
from yimen.kernel.expressions import Kind, Problem, check, parse
from yimen.modules.forms.cleaning import Wrong, clean
from yimen.modules.forms.definition import FormDefinition, FormField, FormSection
from yimen.modules.forms.elements import DataElement

MOST_PASSES = 12
_NOTHING: Mapping[str, Any] = {}
_KINDS: dict[str, str] = {
    "number": "number",
    "money": "number",
    "integer": "number",
    "date": "date",
    "boolean": "boolean",
    "table": "number",
}


def check_form(
    definition: FormDefinition,
    values: Mapping[str, Any],
    known: Mapping[str, Any] = _NOTHING,
    *,
    complete: bool = True,
) -> dict[str, Any]:
    """Check what was filled in and return it in plain JSON shapes, in the order of the form.

    Fields that are not shown (their ``when`` does not hold) are dropped; fields the form does not have are refused by
    name, so that an integrator's misspelt field is not silently lost.

    Args:
        definition: the form.
        values: by element code, as posted or as JSON.
        known: facts beside the form that its conditions read, such as ``applicant_kind`` or the answers to situations;
            ``today`` (a day) also bounds dates that may not lie in the future.
        complete: false for a draft: nothing is required, but what is there must fit.

    Raises:
        Invalid: ``fields`` has one sentence for each wrong field; cells of tables are named ``code.row.column``.
    """
    if not isinstance(values, Mapping):
        raise Invalid("表单内容应是“数据项: 值”的对应关系。")
    cleaned, wrong = clean_values(definition, values, known)
    scope = {**known, **facts(definition, cleaned)}
    shown = {field.element for field in _shown(definition, scope)}
    scope = _scope(definition, scope, shown)
    errors: dict[str, str] = {}
    for field in definition.fields():
        code = field.element
        if code not in shown:
            continue
        if code in wrong:
            errors.update(wrong[code])
        elif complete and code not in cleaned and is_required(field, scope):
            errors[code] = _missing(definition, field)
    own = {field.element for field in definition.fields()}
    for name in values:
        if name not in own:
            errors[str(name)[:64]] = f"表中没有“{str(name)[:64]}”这一项，请删除，或者核对名称。"
    if errors:
        raise Invalid(f"有 {len(errors)} 处需要修改，改好后再提交。", fields=errors)
    return {code: value for code, value in cleaned.items() if code in shown}


def clean_values(
    definition: FormDefinition, values: Mapping[str, Any], known: Mapping[str, Any] = _NOTHING
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Every field cleaned by itself: ``(what fits, sentences by field)``; nothing is required, nothing dropped."""
    today = day_of_known(known)
    cleaned: dict[str, Any] = {}
    wrong: dict[str, dict[str, str]] = {}
    for field in definition.fields():
        code, element = field.element, definition.element(field.element)
        if element is None or code not in values:
            continue
        try:
            value = clean(element, values[code], today=today, columns=definition.element)
        except Wrong as refused:
            cells = {f"{code}.{cell}": sentence for cell, sentence in refused.fields.items()}
            wrong[code] = {code: f"{definition.label(field)}：{refused.sentence}"} | cells
            continue
        if value is not None:
            cleaned[code] = value
    return cleaned, wrong


def day_of_known(known: Mapping[str, Any]) -> date | None:
    """The day called ``today`` among the facts beside the form."""
    day = known.get("today")
    if isinstance(day, datetime):
        return (day.astimezone(CHINA) if day.tzinfo else day).date()
    if isinstance(day, str):
        try:
            return date.fromisoformat(day[:10])
        except ValueError:
            return None
    return day if isinstance(day, date) else None


def _missing(definition: FormDefinition, field: FormField) -> str:
    element = definition.element(field.element)
    verb = "选择" if element and element.type in ("choice", "multi_choice", "boolean", "division") else "填写"
    return f"请{verb}{definition.label(field)}。"


def facts(definition: FormDefinition, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as rules read them: an address as its text and ``…_division``, a table as its number of rows."""
    flat: dict[str, Any] = {}
    for code, value in cleaned.items():
        element = definition.element(code)
        if element is not None and element.type == "address" and isinstance(value, Mapping):
            flat[code] = value.get("detail") or None
            flat[f"{code}_division"] = value.get("division") or None
        elif element is not None and element.type == "table" and isinstance(value, list):
            flat[code] = len(value)
        else:
            flat[code] = value
    return flat


def holds(condition: str, scope: Mapping[str, Any]) -> bool:
    """Does a condition hold; an empty one always does."""
    return not condition or parse(condition).holds(scope)


def is_required(field: FormField, scope: Mapping[str, Any]) -> bool:
    """Must the field, being shown, be filled."""
    return field.required or bool(field.required_when and holds(field.required_when, scope))


def visible_fields(
    definition: FormDefinition, values: Mapping[str, Any], known: Mapping[str, Any] = _NOTHING
) -> list[FormField]:
    """The fields to show for what is filled in so far; values that do not fit yet count as not filled in."""
    cleaned, _ = clean_values(definition, values, known)
    return _shown(definition, {**known, **facts(definition, cleaned)})


def required_fields(
    definition: FormDefinition, values: Mapping[str, Any], known: Mapping[str, Any] = _NOTHING
) -> set[str]:
    """The codes of the shown fields that must be filled, for what is filled in so far."""
    cleaned, _ = clean_values(definition, values, known)
    scope = {**known, **facts(definition, cleaned)}
    fields = _shown(definition, scope)
    scope = _scope(definition, scope, {field.element for field in fields})
    return {field.element for field in fields if is_required(field, scope)}


def _shown(definition: FormDefinition, scope: Mapping[str, Any]) -> list[FormField]:
    """Hidden answers count as not given, so a field may hide the fields that depend on it in turn."""
    every = [(section, field) for section in definition.sections for field in section.fields]
    shown = {field.element for _, field in every}
    for _ in range(MOST_PASSES):
        judged = _scope(definition, scope, shown)
        now = {field.element for section, field in every if _applies(section, field, judged)}
        if now == shown:
            break
        shown = now
    return [field for _, field in every if field.element in shown]


def _applies(section: FormSection, field: FormField, scope: Mapping[str, Any]) -> bool:
    return holds(section.when, scope) and holds(field.when, scope)


def _scope(definition: FormDefinition, scope: Mapping[str, Any], shown: set[str]) -> dict[str, Any]:
    hidden = {field.element for field in definition.fields() if field.element not in shown}
    dropped = hidden | {f"{code}_division" for code in hidden}
    return {name: value for name, value in scope.items() if name not in dropped}


def known_kinds(definition: FormDefinition) -> dict[str, Kind]:
    """The names that rules about this form may use, with what they hold; for ``expressions.check``."""
    kinds: dict[str, Kind] = {}
    for field in definition.fields():
        element = definition.element(field.element)
        if element is None:
            continue
        kinds[element.code] = kind_of(element)
        if element.type == "address":
            kinds[f"{element.code}_division"] = Kind("text")
    return kinds


def kind_of(element: DataElement) -> Kind:
    """What an element's value is to a rule."""
    if element.choices:
        codes = tuple(choice.code for choice in element.choices)
        return Kind("many" if element.type == "multi_choice" else "choice", codes)
    match _KINDS.get(element.type):
        case "number":
            return Kind("number")
        case "date":
            return Kind("date")
        case "boolean":
            return Kind("boolean")
    return Kind("text")


def form_problems(definition: FormDefinition, known: Mapping[str, Kind] | None = None) -> list[Problem]:
    """What is wrong with the conditions of a form, for the lint of a standard.

    Args:
        definition: the form.
        known: the facts beside the form that the standard offers (situations, ``applicant_kind``).
    """
    names = {**(known or {}), **known_kinds(definition)}
    problems = []
    for where, condition in _conditions(definition):
        for problem in check(condition, names) if condition else []:
            sentence = f"{where}：{problem.sentence}"
            problems.append(Problem(code=problem.code, sentence=sentence, position=problem.position))
    return problems


def _conditions(definition: FormDefinition) -> Iterator[tuple[str, str]]:
    for section in definition.sections:
        yield f"“{section.title}”的显示条件", section.when
        for field in section.fields:
            yield f"“{definition.label(field)}”的显示条件", field.when
            yield f"“{definition.label(field)}”的必填条件", field.required_when
