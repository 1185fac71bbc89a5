"""What is already known is shown to confirm, not asked (国务院令第716号第七条; 浙江“最多跑一次”规定第七条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yimen.modules.forms.cleaning import Wrong, clean
from yimen.modules.forms.definition import FormDefinition

Facts = Mapping[str, Any]
_NOTHING: Facts = {}
SOURCES = {
    "person": "您的实名信息",
    "entity": "单位登记信息",
    "account": "您的账号资料",
    "application": "您本次的申请",
}


@dataclass(frozen=True, kw_only=True)
class Prefilled:
    """One known value with where it comes from.

    Args:
        value: in its plain JSON shape.
        source: fact it was read from, such as ``person.name``.
        label: the register in words, for the line beside the field.
    """

    value: Any
    source: str
    label: str


def prefill(
    definition: FormDefinition,
    person: Facts = _NOTHING,
    entity: Facts = _NOTHING,
    account: Facts = _NOTHING,
    **more: Facts,
) -> dict[str, Prefilled]:
    """The values of a form that are already known, each with its source, to be confirmed by the person.

    A value that does not fit the element is left out rather than shown wrong.

    Args:
        definition: the form.
        person: facts of the applicant, such as name, id_number, phone, birth_date, sex, address.
        entity: facts of the enterprise, such as name, uscc, kind, address, legal_representative_name.
        account: facts of the account, such as phone, email.
        more: further registers by name (the first part of a source).
    """
    registers: dict[str, Facts] = {"person": person, "entity": entity, "account": account, **more}
    found = {}
    for field in definition.fields():
        element = definition.element(field.element)
        source = field.default_from or (element.source if element else "")
        register, _, fact = source.partition(".")
        given = registers.get(register, _NOTHING).get(fact)
        if element is None or given in (None, "", [], {}):
            continue
        try:
            value = clean(element, given, columns=definition.element)
        except Wrong:
            continue
        if value is not None:
            label = SOURCES.get(register, register)
            found[field.element] = Prefilled(value=value, source=source, label=label)
    return found


def facts_of_id_number(id_number: str) -> dict[str, str]:
    """Birth date and sex as a checked resident identity number carries them (GB 11643)."""
    if len(id_number) != 18 or not id_number[:17].isdigit():
        return {}
    born = f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}"
    return {"birth_date": born, "sex": "male" if int(id_number[16]) % 2 else "female"}
