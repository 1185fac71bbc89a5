"""From published standards to one thing: one form, one set of materials, one plan, one date, and what that saves (pure)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from yimen.kernel.errors import Invalid
from yimen.modules.forms.api import FormDefinition, FormField, FormSection, asked_by, merge_definitions
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import Condition, Limit, Situation
from yimen.modules.themes.compiling import materials, plan, savings
from yimen.modules.themes.compiling.proof import prove
from yimen.modules.themes.compiling.references import by_hand
from yimen.modules.themes.compiling.rules import both, ruled_out
from yimen.modules.themes.compiling.values import (
    Answers,
    Compiled,
    CompiledCondition,
    CompiledField,
    CompiledQuestion,
    Conflict,
    Dropped,
    FeeLine,
    Fees,
    Known,
    Proof,
)
from yimen.modules.themes.content import MOST_MEMBERS, Brings, Order

NOTHING = Known()


def compile_standards(
    standards: Sequence[PublishedStandard],
    answers: Answers | None = None,
    *,
    same: Iterable[Sequence[str]] = (),
    different: Iterable[Sequence[str]] = (),
    edges: Iterable[Order] = (),
    brings: Iterable[Brings] = (),
    joint_limit: Limit | None = None,
    known: Known = NOTHING,
) -> Compiled:
    """Compose items into one thing.

    Nothing is dropped but what the answers certainly rule out; everything in which the items differ is a conflict, and
    ``Compiled.proof`` shows row by row where each field, material and condition went.

    Args:
        standards: in the order of the catalogue; the same item twice counts once.
        answers: to situation questions, and form values, by code; what is open stays open.
        same, different: papers that the author joins or keeps apart, as ``item/requirement`` (an item alone: its result).
        edges: the author's extra order.
        brings: data elements that come with an item's result.
        joint_limit: the author's shorter promise.
        known: what the platform knows of the applicant.

    Raises:
        Circle: items wait for each other.
        Invalid: none or too many items.
    """
    answers = answers or {}
    chosen = tuple({standard.code: standard for standard in standards}.values())
    if not 1 <= len(chosen) <= MOST_MEMBERS:
        sentence = f"一件事应包含1到{MOST_MEMBERS}个事项，现为{len(chosen)}个。"
        raise Invalid(sentence, fields={"items": sentence})
    said = by_hand(chosen, same, different, edges, brings)
    scope = known.scope(answers)
    form, form_conflicts = _form(chosen)
    fields, dropped_fields = _fields(chosen, form, scope, known, said.brings)
    questions, question_conflicts = _questions(chosen, answers)
    collected = materials.collect(chosen, said, scope, known.licences)
    edges_found = plan.edges_of(collected.requirements, fields, said.edges)
    schedule = plan.plan(chosen, edges_found)
    promised = plan.joint_limit(chosen, schedule.days, joint_limit)
    parts: dict[str, Any] = {
        "items": chosen,
        "form": form,
        "fields": fields,
        "questions": questions,
        "requirements": collected.requirements,
        "conditions": _conditions(chosen),
        "dropped": (*dropped_fields, *collected.dropped),
        "conflicts": (*form_conflicts, *question_conflicts, *collected.conflicts),
        "suggestions": collected.grouping.suggestions,
        "edges": schedule.edges,
        "schedule": schedule.schedule,
        "critical_path": schedule.critical_path,
        "promised_limit": promised,
        "fees": _fees(chosen),
        "saved": savings.savings_of(chosen, fields, collected.requirements, schedule, promised, scope),
        "notes": tuple(row.note for row in schedule.schedule if row.note),
    }
    unproven = Compiled(**parts, proof=Proof(rows=()))
    return replace(unproven, proof=prove(unproven, answers, known))


def _form(standards: Sequence[PublishedStandard]) -> tuple[FormDefinition, list[Conflict]]:
    """The one form, and its conflicts in sentences that name the items."""
    try:
        form, differences = merge_definitions([(s.code, s.content.form) for s in standards])
    except ValidationError as error:
        raise Invalid(
            "这些事项的表单条件合起来太长，合不成一张表，请减少事项，或者简化其中的显示条件。"
        ) from error
    names = {standard.code: f"“{standard.content.name}”" for standard in standards}
    pattern = re.compile("(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + ") ?")
    conflicts = [
        Conflict(
            kind="element" if one.blocking else "field",
            subject=one.element,
            items=tuple(code for code, _ in one.asked),
            sentence=pattern.sub(lambda found: names[found[1]], one.sentence),
            blocking=one.blocking,
        )
        for one in differences
    ]
    return form, conflicts


def _fields(
    standards: Sequence[PublishedStandard],
    form: FormDefinition,
    scope: Mapping[str, Any],
    known: Known,
    brings: Mapping[str, str],
) -> tuple[tuple[CompiledField, ...], list[Dropped]]:
    """What these answers leave of the one form, and of each item's own what they rule out."""
    dropped = [
        Dropped(
            item=standard.code,
            kind="field",
            code=field.element,
            name=standard.content.form.label(field),
            rule=both(section.when, field.when),
        )
        for standard in standards
        for section, field in fields_of(standard.content.form)
        if ruled_out(both(section.when, field.when), scope)
    ]
    gone = {(one.item, one.code) for one in dropped}
    askers = asked_by((standard.code, standard.content.form) for standard in standards)
    fields = []
    for section, field in fields_of(form):
        asking = tuple(code for code in askers[field.element] if (code, field.element) not in gone)
        if asking:
            # Whoever brings it and asks it as well wants it beforehand: then it is asked of everybody.
            bringer = brings.get(field.element, "")
            fields.append(
                CompiledField(
                    element=field.element,
                    label=form.label(field),
                    asked_by=asking,
                    required=field.required,
                    required_when=field.required_when,
                    when=both(section.when, field.when),
                    known=known.values.get(field.element) not in (None, ""),
                    met_by="" if bringer in asking else bringer,
                )
            )
    return tuple(fields), dropped


def fields_of(form: FormDefinition) -> Iterable[tuple[FormSection, FormField]]:
    """Every field with its section."""
    return ((section, field) for section in form.sections for field in section.fields)


def _questions(
    standards: Sequence[PublishedStandard], answers: Answers
) -> tuple[tuple[CompiledQuestion, ...], list[Conflict]]:
    """Situation questions once each; two items that offer different answers under one code cannot be asked together."""
    first: dict[str, tuple[str, Situation]] = {}
    askers: dict[str, list[str]] = {}
    conflicts = []
    for standard in standards:
        for situation in standard.content.situations:
            owner, kept = first.setdefault(situation.code, (standard.code, situation))
            askers.setdefault(situation.code, []).append(standard.code)
            if owner != standard.code and kept != situation:
                conflicts.append(_differing(standards, owner, kept, standard.code, situation))
    questions = tuple(
        CompiledQuestion(
            situation=situation, asked_by=tuple(askers[code]), answer=str(answers.get(code) or "")
        )
        for code, (_, situation) in first.items()
    )
    return questions, conflicts


def _differing(
    standards: Sequence[PublishedStandard], owner: str, kept: Situation, other: str, situation: Situation
) -> Conflict:
    names = {standard.code: standard.content.name for standard in standards}
    blocking = set(kept.options) != set(situation.options)
    outcome = (
        "选项不同，不能合成一个问题，请其中一个事项改用别的代码"
        if blocking
        else f"合并后按“{kept.question}”来问"
    )
    return Conflict(
        kind="situation",
        subject=situation.code,
        items=(owner, other),
        sentence=f"情形“{situation.code}”在“{names[owner]}”中是“{kept.question}（{'/'.join(kept.options)}）”，"
        f"在“{names[other]}”中是“{situation.question}（{'/'.join(situation.options)}）”；{outcome}。",
        blocking=blocking,
    )


def _conditions(standards: Sequence[PublishedStandard]) -> tuple[CompiledCondition, ...]:
    found: dict[Condition, list[str]] = {}
    for standard in standards:
        for condition in standard.content.conditions:
            found.setdefault(condition, []).append(standard.code)
    return tuple(
        CompiledCondition(condition=condition, asked_by=tuple(dict.fromkeys(items)))
        for condition, items in found.items()
    )


def _fees(standards: Sequence[PublishedStandard]) -> Fees:
    lines = tuple(FeeLine(item=s.code, fee=fee) for s in standards for fee in s.content.fees)
    totals: dict[str, Decimal] = {}
    for line in lines:
        totals[line.fee.unit] = totals.get(line.fee.unit, Decimal(0)) + line.fee.amount
    return Fees(lines=lines, totals=tuple(totals.items()))
