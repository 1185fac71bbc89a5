"""Composed for me: answers and what is known decide which items join, and what remains to be asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q

from yimen.kernel.errors import Invalid
from yimen.kernel.expressions import parse
from yimen.modules.items import api as items
from yimen.modules.items.api import PublishedStandard
from yimen.modules.themes.compiling.compiler import NOTHING
from yimen.modules.themes.compiling.rules import ruled_out
from yimen.modules.themes.compiling.values import Answers, Compiled, CompiledQuestion, Known
from yimen.modules.themes.content import Member, ThemeContent
from yimen.modules.themes.queries.published import PublishedTheme
from yimen.modules.themes.queries.remembering import compiled as compile_remembered


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question to the applicant, the theme's own first, then the situations of the items that join.

    Args:
        asked_by: codes of the items whose situation it is; empty for the theme's own.
        answer: what was answered; "" = open.
        deciding: it decides which items join, and must be answered before handing in: the theme's own, and situations that
            rules of members read.
    """

    code: str
    question: str
    options: tuple[str, ...]
    hint: str = ""
    asked_by: tuple[str, ...] = ()
    answer: str = ""
    deciding: bool = False


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """An item of the theme that these answers rule out."""

    item: str
    name: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A theme for one applicant.

    Args:
        standards: of the items that join, in the order of the catalogue; the undecided among them.
        compiled: the one thing made of them.
        questions: whatever may still be answered or changed; the answers that the theme gives itself are not asked.
        given: answers that the theme gives itself.
        answers: all answers to questions in force, those given included: what the form of the application holds for situations.
        undecided: codes of items that join only if open questions are answered so.
        left_out: what these answers rule out.
    """

    theme: PublishedTheme
    standards: tuple[PublishedStandard, ...]
    compiled: Compiled
    questions: tuple[Question, ...]
    given: Mapping[str, str]
    answers: Mapping[str, str]
    undecided: tuple[str, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The deciding questions that must still be answered before handing in."""
        return tuple(q for q in self.questions if q.deciding and not q.answer)

    @property
    def situation_answers(self) -> dict[str, str]:
        """The answers that belong into the application's form: those to the items' situations."""
        asked = {one.situation.code for one in self.compiled.questions}
        return {code: answer for code, answer in self.answers.items() if code in asked}


def compose(theme: PublishedTheme, answers: Answers, facts: Known, on: date) -> Composed:
    """Compose a theme under the standards in force on a day.

    What no answer rules out yet joins as undecided, so that the first look shows the whole.

    Args:
        answers: to the theme's questions and the items' situations; form values beside them may be given, rules read them.
        facts: what the platform knows of the applicant; ``known_of`` reads it.
        on: the day, in China.

    Raises:
        Invalid: an answer that is not one of the options, or no item joins; ``fields`` says where.
        NotFound, NotPossible: an item may not be applied for on this day; the sentence names it.
        Circle: the items in force wait for each other.
    """
    content, answers = theme.content, _given_answers(answers)
    known = replace(facts, values={**facts.values, "today": on})
    own = _own_answers(content, answers)
    given = _given(content, known.scope({**answers, **own}))
    scope = known.scope({**answers, **own, **given})
    joining = joining_members(content, scope)
    if not joining:
        raise Invalid(
            "按您的回答，这件事里没有需要办理的事项。",
            code="nothing_to_do",
            fields={question.code: "请核对这个回答。" for question in content.questions},
        )
    found = items.open_items([member.item for member in content.members if member in joining], on)
    standards = tuple({found[m.item].code: found[m.item] for m in joining}.values())
    in_force = _checked(standards, answers, given) | own | given
    result = compile_remembered(content, standards, {**answers, **in_force}, known)
    return Composed(
        theme=theme,
        standards=standards,
        compiled=result,
        questions=(*_deciding(content, own, scope), *_situations(content, result, given)),
        given=given,
        answers=in_force,
        undecided=tuple(found[m.item].code for m in joining if m.when and not _sure(m, scope)),
        left_out=_left_out(content, joining),
    )


def joining_members(content: ThemeContent, scope: Mapping[str, Any]) -> list[Member]:
    """The members that nothing known rules out."""
    return [member for member in content.members if not ruled_out(member.when, scope)]


def compose_items(codes: Sequence[str], answers: Answers, on: date, facts: Known = NOTHING) -> Compiled:
    """Compile any items, without a theme: what ``POST /themes/compile`` answers.

    Raises:
        NotFound, NotPossible, Invalid, Circle: as ``compose``.
    """
    wanted, answers = list(dict.fromkeys(codes)), _given_answers(answers)
    found = items.open_items(wanted, on)
    standards = tuple({found[code].code: found[code] for code in wanted}.values())
    checked = _checked(standards, answers, {})
    known = replace(facts, values={**facts.values, "today": on})
    content = ThemeContent(name="临时组合")
    return compile_remembered(content, standards, {**answers, **checked}, known)


def _given_answers(answers: Answers) -> dict[str, Any]:
    """Without what was left empty: an empty answer is none, not a text of no length."""
    return {code: answer for code, answer in answers.items() if answer is not None and answer != ""}


def _own_answers(content: ThemeContent, answers: Answers) -> dict[str, str]:
    options = {question.code: question.options for question in content.questions}
    return _chosen(options, answers)


def _checked(
    standards: Iterable[PublishedStandard], answers: Answers, given: Mapping[str, str]
) -> dict[str, str]:
    """Answers to the situations of these items; what the theme gives needs none."""
    options: dict[str, tuple[str, ...]] = {}
    for standard in standards:
        for situation in standard.content.situations:
            if situation.code not in given:
                options.setdefault(situation.code, situation.options)
    return _chosen(options, answers)


def _chosen(options: Mapping[str, tuple[str, ...]], answers: Answers) -> dict[str, str]:
    chosen: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for code, allowed in options.items():
        answer = answers.get(code)
        if answer in (None, ""):
            continue
        if answer in allowed:
            chosen[code] = str(answer)
        else:
            wrong[code] = f"请从“{'”“'.join(allowed)}”中选择。"
    if wrong:
        raise Invalid("有些问题的回答不在选项里，请重新选择。", fields=wrong)
    return chosen


def _given(content: ThemeContent, scope: dict[str, Any]) -> dict[str, str]:
    """The theme's own answers, in their order: a later one may build on an earlier; the first that holds counts."""
    given: dict[str, str] = {}
    for one in content.given:
        if one.code not in given and (not one.when or parse(one.when).holds({**scope, **given})):
            given[one.code] = one.answer
    return given


def _sure(member: Member, scope: Mapping[str, Any]) -> bool:
    return parse(member.when).holds(scope)


def _deciding(content: ThemeContent, own: Mapping[str, str], scope: Mapping[str, Any]) -> Iterable[Question]:
    for question in content.questions:
        if not ruled_out(question.when, scope):
            yield Question(
                code=question.code,
                question=question.question,
                options=question.options,
                hint=question.hint,
                answer=own.get(question.code, ""),
                deciding=True,
            )


def _situations(content: ThemeContent, result: Compiled, given: Mapping[str, str]) -> Iterable[Question]:
    read = {name for member in content.members if member.when for name in parse(member.when).names}
    for one in result.questions:
        if one.situation.code not in given:
            yield _question(one, deciding=one.situation.code in read)


def _question(one: CompiledQuestion, *, deciding: bool) -> Question:
    return Question(
        code=one.situation.code,
        question=one.situation.question,
        options=one.situation.options,
        asked_by=one.asked_by,
        answer=one.answer,
        deciding=deciding,
    )


def _left_out(content: ThemeContent, joining: Sequence[Member]) -> tuple[LeftOut, ...]:
    gone = [member for member in content.members if member not in joining]
    if not gone:
        return ()
    called = {member.item for member in gone}
    named: dict[str, tuple[str, str]] = {}
    for item in items.Item.objects.filter(Q(code__in=called) | Q(slug__in=called)):
        named[item.code] = named[item.slug or item.code] = (item.code, item.name)
    rows = [(*named.get(member.item, (member.item, member.item)), member.when) for member in gone]
    return tuple(LeftOut(item=code, name=name, rule=rule) for code, name, rule in rows)
