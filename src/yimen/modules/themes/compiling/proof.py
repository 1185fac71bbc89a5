"""That nothing was lost: every field, material, condition, question and fee of every item is looked up in the one thing (pure).

The proof reads only the published standards and the result, never the compiler's own steps, so that a fault of the compiler
shows here. "Kept" means: whatever makes the item ask for it makes the one thing ask for it as well, at least as strictly.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from yimen.modules.forms.api import FormDefinition, FormField
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import MaterialRequirement
from yimen.modules.themes.compiling.limits import working_days
from yimen.modules.themes.compiling.rules import both, implies, ruled_out
from yimen.modules.themes.compiling.values import (
    Answers,
    Compiled,
    CompiledField,
    CompiledRequirement,
    Known,
    Proof,
    ProofRow,
)

SPARED_WORDS = {
    "form": "由填写的一张表代替",
    "shared_data": "由部门共享核对",
    "licence": "申请人已有的电子证照",
}


def prove(compiled: Compiled, answers: Answers, known: Known) -> Proof:
    """Check a compiled thing against the standards that it was made of.

    Args:
        compiled: the result; its own ``proof`` is not read.
        answers, known: those it was compiled with.
    """
    scope = known.scope(answers)
    rows: list[ProofRow] = []
    for standard in compiled.items:
        rows += _fields(standard, compiled, scope)
        rows += _materials(standard, compiled, scope, known)
        rows += _conditions(standard, compiled)
        rows += _questions(standard, compiled)
        rows += _fees(standard, compiled)
    return Proof(rows=(*rows, *_edges(compiled), *_limits(compiled)))


def _fields(standard: PublishedStandard, compiled: Compiled, scope: Mapping[str, Any]) -> Iterable[ProofRow]:
    merged = {field.element: field for field in compiled.form.fields()}
    asked = {field.element: field for field in compiled.fields}
    for section in standard.content.form.sections:
        for field in section.fields:
            shown = both(section.when, field.when)
            name = standard.content.form.label(field)
            if ruled_out(shown, scope):
                yield _not_needed(standard, "field", field.element, name, shown)
                continue
            kept = merged.get(field.element)
            lacking = _field_lacks(standard.content.form, field, shown, kept, compiled.form)
            if field.element not in asked or standard.code not in asked[field.element].asked_by:
                lacking = "一张表里没有这一项"
            stands = asked.get(field.element)
            if stands is not None and stands.met_by and not lacking:
                lacking = _brought_lacks(standard.code, field.element, stands.met_by, compiled)
            yield ProofRow(
                item=standard.code,
                kind="field",
                code=field.element,
                name=name,
                went_to=_filled_by(stands, compiled),
                how="kept" if stands is None or len(stands.asked_by) < 2 else "merged",
                demanded=shown,
                holds=not lacking,
                why=lacking,
            )


def _filled_by(stands: CompiledField | None, compiled: Compiled) -> str:
    if stands is None:
        return ""
    name = next((s.content.name for s in compiled.items if s.code == stands.met_by), "")
    return f"“{name}”的结果带出" if name else stands.label


def _brought_lacks(item: str, element: str, bringer: str, compiled: Compiled) -> str:
    """A result brings data only to an item that waits for it."""
    rows = {row.item: row for row in compiled.schedule}
    edge = next((e for e in compiled.edges if (e.earlier, e.later) == (bringer, item)), None)
    if bringer not in rows or edge is None or element not in edge.brings:
        return "办理计划里没有等待带出它的结果"
    return "" if rows[bringer].ends <= rows[item].starts else "带出它的结果出来之前就要用"


def _field_lacks(
    own: FormDefinition, field: FormField, shown: str, kept: FormField | None, form: FormDefinition
) -> str:
    """In what the one form falls short of this field, "" when in nothing."""
    if kept is None:
        return "一张表里没有这一项"
    if own.element(field.element) != form.element(field.element):
        return "数据元定义与其他事项不同"
    visible = both(_section_rule(form, field.element), kept.when)
    if not implies(shown, visible):
        return "一张表在该事项要求时不显示这一项"
    needed = shown if field.required else both(shown, field.required_when) if field.required_when else None
    if needed is None or kept.required:
        return ""
    if not kept.required_when or not implies(needed, both(visible, kept.required_when)):
        return "该事项必填，一张表没有要求必填"
    return ""


def _section_rule(form: FormDefinition, element: str) -> str:
    return next((s.when for s in form.sections if any(f.element == element for f in s.fields)), "")


def _materials(
    standard: PublishedStandard, compiled: Compiled, scope: Mapping[str, Any], known: Known
) -> Iterable[ProofRow]:
    found: dict[tuple[str, str], list[CompiledRequirement]] = {}
    for one in compiled.requirements:
        for part in one.parts:
            found.setdefault(part.reference, []).append(one)
    for material in standard.content.materials:
        if ruled_out(material.required_when, scope):
            yield _not_needed(standard, "material", material.code, material.name, material.required_when)
            continue
        stands = found.get((standard.code, material.code), [])
        lacking = "一套材料里没有这一项" if not stands else "这一项被收了两次" if len(stands) > 1 else ""
        paper = stands[0] if stands else None
        if paper is not None and not lacking:
            lacking = _material_lacks(standard, material, paper, compiled, known)
        yield ProofRow(
            item=standard.code,
            kind="material",
            code=material.code,
            name=material.name,
            went_to=_stands_for(paper, compiled),
            how=_how(paper),
            demanded=material.required_when,
            holds=not lacking,
            why=lacking or (paper.why if paper else ""),
        )


def _how(one: CompiledRequirement | None) -> str:
    if one is None:
        return "kept"
    return "met" if one.met_by else "spared" if one.spared else "merged" if len(one.parts) > 1 else "kept"


def _stands_for(one: CompiledRequirement | None, compiled: Compiled) -> str:
    if one is None:
        return ""
    if one.met_by:
        name = next((s.content.name for s in compiled.items if s.code == one.met_by), one.met_by)
        return f"“{name}”的结果"
    return f"{one.name}（{SPARED_WORDS[one.spared]}）" if one.spared else one.name


def _material_lacks(
    standard: PublishedStandard,
    material: MaterialRequirement,
    one: CompiledRequirement,
    compiled: Compiled,
    known: Known,
) -> str:
    """In what the merged paper falls short of this requirement, "" when in nothing."""
    if one.met_by:
        return _result_lacks(standard, material, one, compiled)
    checks = (
        (implies(material.required_when, one.required_when), "提交条件变窄了"),
        (one.trust <= material.trust, "可信等级降低了"),
        (one.originals >= material.originals and one.copies >= material.copies, "份数变少了"),
        (one.main or not material.main, "主要材料变成了次要材料"),
        (material.medium == "either" or material.medium in one.media, "介质要求丢失了"),
        (set(one.accept) <= set(material.accept), "接受了该事项不接受的文件格式"),
        (_may_be_spared(standard, material, one, known), "该事项的标准没有允许免提交"),
    )
    return "；".join(sentence for holds, sentence in checks if not holds)


def _may_be_spared(
    standard: PublishedStandard, material: MaterialRequirement, one: CompiledRequirement, known: Known
) -> bool:
    if one.spared == "form":
        return material.kind == "form" and bool(standard.content.form.sections)
    if one.spared == "shared_data":
        return any(source.kind == "shared_data" for source in material.sources)
    if one.spared == "licence":
        return any(source.kind == "licence" and source.name in known.licences for source in material.sources)
    return True


def _result_lacks(
    standard: PublishedStandard, material: MaterialRequirement, one: CompiledRequirement, compiled: Compiled
) -> str:
    """A result stands for a material only if its item is part of this, is done before, and supplies it by an edge."""
    if one.met_by == standard.code:
        return "事项不能用自己的结果作材料"
    rows = {row.item: row for row in compiled.schedule}
    edge = next((e for e in compiled.edges if (e.earlier, e.later) == (one.met_by, standard.code)), None)
    if one.met_by not in rows:
        return "代替它的事项不在这件事里"
    if edge is None or material.code not in edge.supplies:
        return "办理计划里没有等待该结果的先后关系"
    if rows[one.met_by].ends > rows[standard.code].starts:
        return "该结果出来之前就要用"
    return ""


def _conditions(standard: PublishedStandard, compiled: Compiled) -> Iterable[ProofRow]:
    for n, condition in enumerate(standard.content.conditions, 1):
        kept = next(
            (
                one
                for one in compiled.conditions
                if one.condition == condition and standard.code in one.asked_by
            ),
            None,
        )
        yield ProofRow(
            item=standard.code,
            kind="condition",
            code=str(n),
            name=condition.text,
            went_to=kept.condition.text if kept else "",
            how="merged" if kept and len(kept.asked_by) > 1 else "kept",
            demanded=condition.rule,
            holds=kept is not None,
            why="" if kept else "受理条件里没有这一条",
        )


def _questions(standard: PublishedStandard, compiled: Compiled) -> Iterable[ProofRow]:
    asked = {one.situation.code: one for one in compiled.questions}
    for situation in standard.content.situations:
        one = asked.get(situation.code)
        lacking = ""
        if one is None or standard.code not in one.asked_by:
            lacking = "没有问这个情形"
        elif set(one.situation.options) != set(situation.options):
            lacking = "可选的回答与该事项不同"
        elif one.answer and one.answer not in situation.options:
            lacking = f"回答“{one.answer}”不在该事项的选项里"
        yield ProofRow(
            item=standard.code,
            kind="question",
            code=situation.code,
            name=situation.question,
            went_to=one.answer or one.situation.question if one else "",
            how="answered" if one and one.answer else "merged" if one and len(one.asked_by) > 1 else "kept",
            holds=not lacking,
            why=lacking,
        )


def _fees(standard: PublishedStandard, compiled: Compiled) -> Iterable[ProofRow]:
    for fee in standard.content.fees:
        kept = any(line.item == standard.code and line.fee == fee for line in compiled.fees.lines)
        yield ProofRow(
            item=standard.code,
            kind="fee",
            code=fee.name,
            name=f"{fee.name} {fee.amount}{fee.unit}",
            went_to=fee.name if kept else "",
            how="kept",
            holds=kept,
            why="" if kept else "费用清单里没有这一项",
        )


def _edges(compiled: Compiled) -> Iterable[ProofRow]:
    """What waits begins after what it waits for."""
    rows = {row.item: row for row in compiled.schedule}
    for edge in compiled.edges:
        holds = rows[edge.earlier].ends <= rows[edge.later].starts
        yield ProofRow(
            item=edge.later,
            kind="edge",
            code=edge.earlier,
            name=f"在“{rows[edge.earlier].name}”之后办理",
            went_to=f"第{rows[edge.later].starts}个工作日起",
            how="kept",
            holds=holds,
            why=edge.why if holds else "先后顺序没有保持",
        )


def _limits(compiled: Compiled) -> Iterable[ProofRow]:
    """The joint promise holds each item's own time, and is not longer than item after item."""
    whole = compiled.promised_limit.amount
    chain = sum(row.days for row in compiled.schedule if row.item in compiled.critical_path)
    longest = max((row.ends for row in compiled.schedule), default=0)
    for standard, row in zip(compiled.items, compiled.schedule, strict=True):
        own = working_days(standard.content.promised_limit)
        holds = row.days == own and row.ends <= longest == chain and whole <= chain
        yield ProofRow(
            item=row.item,
            kind="limit",
            code="promised_limit",
            name=f"承诺{own}个工作日",
            went_to=f"第{row.starts}至{row.ends}个工作日，合计不超过{whole}个工作日",
            how="kept",
            holds=holds,
            why="" if holds else "办理计划与该事项的承诺期限不一致",
        )


def _not_needed(standard: PublishedStandard, kind: str, code: str, name: str, rule: str) -> ProofRow:
    return ProofRow(
        item=standard.code,
        kind=kind,
        code=code,
        name=name,
        went_to="",
        how="not_needed",
        demanded=rule,
        why="按已有的回答，该事项的条件不成立，不需要",
    )
