"""What is wrong with a theme before it is published: told to its author, nothing silently dropped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yimen.foundation.orgs import api as orgs
from yimen.kernel.errors import NotFound, Refusal
from yimen.kernel.expressions import Kind, check
from yimen.modules.forms.api import known_kinds
from yimen.modules.items import api as items
from yimen.modules.items.api import PublishedStandard
from yimen.modules.themes.compiling.compiler import NOTHING
from yimen.modules.themes.compiling.limits import working_days
from yimen.modules.themes.compiling.references import by_hand, contradictions, split
from yimen.modules.themes.compiling.rules import ruled_out
from yimen.modules.themes.compiling.values import Compiled
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.queries.remembering import compiled as compile_remembered

FACTS: Mapping[str, Kind] = {
    "applicant_kind": Kind("choice", ("person", "entity")),
    "licences": Kind("many"),
    "today": Kind("date"),
}
"""What rules may read beside questions, situations and form values."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing for the author.

    Args:
        path: where in the content, such as ``members.0.item``; "" = the whole.
        blocking: keeps the theme from being published.
    """

    path: str
    sentence: str
    blocking: bool


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A content judged on a day.

    Args:
        standards: of the members that may be applied for, in order.
        compiled: the whole theme with every member and no answers; None while it cannot be compiled.
    """

    findings: tuple[Finding, ...]
    standards: tuple[PublishedStandard, ...]
    compiled: Compiled | None

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocking)


def check_content(content: ThemeContent, on: date) -> Checked:
    """Judge a content under the standards in force on a day."""
    found, lacking = open_members(content, on)
    standards = tuple({s.code: s for s in found.values()}.values())
    findings = [*_members(content, found, lacking), *_lead(content)]
    findings += [*_questions(content, standards), *_rules(content, standards)]
    findings += [*_references(content, found), *_audiences(content, found), *_brings(content, found)]
    result: Compiled | None = None
    if standards:
        try:
            result = compile_remembered(content, standards, {}, NOTHING)
        except Refusal as refusal:
            findings.append(Finding(path="", sentence=refusal.message, blocking=True))
    if result is not None:
        findings += _of_compiled(content, result)
    return Checked(findings=tuple(findings), standards=standards, compiled=result)


def open_members(content: ThemeContent, on: date) -> tuple[dict[str, PublishedStandard], dict[str, str]]:
    """(member to its standard in force, member to why it has none), in the order of the content."""
    wanted = [member.item for member in content.members]
    try:
        return items.open_items(wanted, on) if wanted else {}, {}
    except Refusal as refusal:
        lacking = dict(refusal.fields) or dict.fromkeys(wanted, refusal.message)
    rest = [item for item in wanted if item not in lacking]
    return items.open_items(rest, on) if rest else {}, lacking


def _members(
    content: ThemeContent, found: Mapping[str, PublishedStandard], lacking: Mapping[str, str]
) -> Iterable[Finding]:
    if not content.members:
        yield Finding(path="members", sentence="还没有选事项，请至少选择一个。", blocking=True)
    seen: dict[str, int] = {}
    for n, member in enumerate(content.members):
        if member.item in lacking:
            yield Finding(path=f"members.{n}.item", sentence=lacking[member.item], blocking=True)
            continue
        code = found[member.item].code
        if code in seen:
            sentence = f"“{found[member.item].content.name}”选了两次（第{seen[code] + 1}项和第{n + 1}项），请删去一项。"
            yield Finding(path=f"members.{n}.item", sentence=sentence, blocking=True)
        seen.setdefault(code, n)


def _audiences(content: ThemeContent, found: Mapping[str, PublishedStandard]) -> Iterable[Finding]:
    """Whoever the theme is for must be able to apply for every item that joins for them."""
    kinds = {"person" if kind == "person" else "entity" for kind in content.audience}
    for n, member in enumerate(content.members):
        if (standard := found.get(member.item)) is None:
            continue
        for kind in sorted(kinds):
            open_to = {"person" if one == "person" else "entity" for one in standard.content.audience}
            if kind not in open_to and not ruled_out(member.when, {"applicant_kind": kind}):
                who, other = ("个人", "entity") if kind == "person" else ("企业和单位", "person")
                sentence = (
                    f"“{standard.content.name}”不面向{who}，请在加入条件里写明 applicant_kind = '{other}'，"
                    f"或者把这件事改为不面向{who}。"
                )
                yield Finding(path=f"members.{n}.when", sentence=sentence, blocking=True)


def _lead(content: ThemeContent) -> Iterable[Finding]:
    if not content.lead:
        yield Finding(path="lead", sentence="请选择牵头部门。", blocking=True)
        return
    try:
        orgs.organisation_with_code(content.lead)
    except NotFound as refusal:
        yield Finding(path="lead", sentence=refusal.message, blocking=True)


def _questions(content: ThemeContent, standards: Sequence[PublishedStandard]) -> Iterable[Finding]:
    situations = {s.code: s for standard in standards for s in standard.content.situations}
    codes: set[str] = set()
    for n, question in enumerate(content.questions):
        if question.code in codes or question.code in situations:
            sentence = f"代码“{question.code}”已经被另一个问题或者事项的情形使用，请换一个代码。"
            yield Finding(path=f"questions.{n}.code", sentence=sentence, blocking=True)
        codes.add(question.code)
    for n, given in enumerate(content.given):
        situation = situations.get(given.code)
        if situation is None:
            sentence = f"所选事项没有情形“{given.code}”，请核对代码，或者删去这个回答。"
            yield Finding(path=f"given.{n}.code", sentence=sentence, blocking=True)
        elif given.answer not in situation.options:
            sentence = f"“{situation.question}”的选项是“{'”“'.join(situation.options)}”，请从中选择。"
            yield Finding(path=f"given.{n}.answer", sentence=sentence, blocking=True)


def _rules(content: ThemeContent, standards: Sequence[PublishedStandard]) -> Iterable[Finding]:
    kinds: dict[str, Kind] = dict(FACTS)
    for standard in standards:
        kinds |= known_kinds(standard.content.form)
        kinds |= {s.code: Kind("choice", s.options) for s in standard.content.situations}
    kinds |= {q.code: Kind("choice", q.options) for q in content.questions}
    rules = [(f"members.{n}.when", member.when) for n, member in enumerate(content.members)]
    rules += [(f"questions.{n}.when", question.when) for n, question in enumerate(content.questions)]
    rules += [(f"given.{n}.when", given.when) for n, given in enumerate(content.given)]
    for path, rule in rules:
        for problem in check(rule, kinds) if rule else ():
            yield Finding(path=path, sentence=problem.sentence, blocking=True)


def _references(content: ThemeContent, found: Mapping[str, PublishedStandard]) -> Iterable[Finding]:
    standards = {s.code: s for s in found.values()}
    called = {**found, **standards, **{s.slug: s for s in standards.values() if s.slug}}
    for part, groups in (("same", content.same), ("different", content.different)):
        for n, group in enumerate(groups):
            sentences = [told for reference in group if (told := _unknown(reference, called))]
            if len(group) < 2:
                sentences.append("至少写两项，才能说明相同或者不同。")
            yield from (Finding(path=f"{part}.{n}", sentence=told, blocking=True) for told in sentences)
    yield from _orders(content, set(called))
    said = by_hand(list(standards.values()), content.same, content.different, content.edges)
    for one, other in contradictions(said):
        names = [_name(called[item], requirement) for item, requirement in (one, other)]
        sentence = f"“{names[0]}”和“{names[1]}”既被指定为同一份材料，又被指定为不同材料，请只保留一种。"
        yield Finding(path="same", sentence=sentence, blocking=True)


def _orders(content: ThemeContent, called: set[str]) -> Iterable[Finding]:
    for n, edge in enumerate(content.edges):
        for end in (edge.before, edge.after):
            if end not in called:
                sentence = f"先后顺序里的“{end}”不在所选事项中，请从所选事项里选择。"
                yield Finding(path=f"edges.{n}", sentence=sentence, blocking=True)
        if edge.before == edge.after:
            yield Finding(path=f"edges.{n}", sentence="一个事项不能排在自己前面。", blocking=True)


def _brings(content: ThemeContent, found: Mapping[str, PublishedStandard]) -> Iterable[Finding]:
    called = {**found, **{s.code: s for s in found.values()}, **{s.slug: s for s in found.values() if s.slug}}
    asked = {field.element for s in found.values() for field in s.content.form.fields()}
    for n, one in enumerate(content.brings):
        if one.item not in called:
            sentence = f"“{one.item}”不在所选事项中，请从所选事项里选择。"
            yield Finding(path=f"brings.{n}.item", sentence=sentence, blocking=True)
        for element in one.elements:
            if element not in asked:
                sentence = f"所选事项的表单里没有数据元“{element}”，请核对。"
                yield Finding(path=f"brings.{n}.elements", sentence=sentence, blocking=True)


def _unknown(reference: str, called: Mapping[str, PublishedStandard]) -> str:
    item, requirement = split(reference)
    standard = called.get(item)
    if standard is None:
        return f"“{reference}”中的事项不在所选事项中，请核对。"
    if requirement and all(m.code != requirement for m in standard.content.materials):
        return f"“{standard.content.name}”的材料清单里没有代码为“{requirement}”的材料，请核对。"
    return ""


def _name(standard: PublishedStandard, requirement: str) -> str:
    return next((m.name for m in standard.content.materials if m.code == requirement), requirement)


def _of_compiled(content: ThemeContent, result: Compiled) -> Iterable[Finding]:
    for conflict in result.conflicts:
        yield Finding(path="members", sentence=conflict.sentence, blocking=conflict.blocking)
    for alike in result.suggestions:
        yield Finding(path="same", sentence=alike.sentence, blocking=False)
    if not result.proof.complete:
        lost = result.proof.lost[0]
        sentence = f"核对没有通过：“{lost.name}”{lost.why}。"
        yield Finding(path="", sentence=sentence, blocking=True)
    longest = max((row.ends for row in result.schedule), default=0)
    if content.joint_limit is not None and working_days(content.joint_limit) > longest:
        sentence = f"承诺期限不能长于按各事项承诺算出的{longest}个工作日，请缩短或者留空。"
        yield Finding(path="joint_limit", sentence=sentence, blocking=True)
