"""What somebody is about to apply for, in one shape for hall and window: one item, several, or a theme composed for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yimen.kernel.errors import Invalid
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.items import api as items
from yimen.modules.items.api import PublishedStandard
from yimen.modules.themes.compiling.compiler import NOTHING
from yimen.modules.themes.compiling.plan import Circle
from yimen.modules.themes.compiling.values import Answers, Compiled, Known
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.queries.composing import Composed, Question, compose
from yimen.modules.themes.queries.published import PublishedTheme, theme_with_code
from yimen.modules.themes.queries.remembering import compiled

ENTITY_CODE = "entity_uscc"
"""The data element by which a newly made entity is known."""


@dataclass(frozen=True, kw_only=True)
class Undertaking:
    """Items to be applied for together, with everything that follows from their being together.

    Args:
        standards: in force, in order.
        questions: whatever is to be answered before the form, with the answers so far.
        answers: those that fit, and those that a theme gives itself; what rules read.
        theme, composed: where a theme brings the items together.
        compiled: the plan of several items; ``None`` for a single one, and for items that wait for each other in a circle,
            which are then applied for side by side.
        facts: what was known when it was composed; it is handed in knowing the same.
        problem: why the answers so far were put aside, in words; "" = they stand.
    """

    standards: tuple[PublishedStandard, ...]
    questions: tuple[Question, ...]
    answers: Mapping[str, str]
    theme: PublishedTheme | None = None
    composed: Composed | None = None
    compiled: Compiled | None = None
    problem: str = ""
    facts: Known = NOTHING

    @property
    def open_questions(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if not question.answer)

    @property
    def yet_to_be(self) -> frozenset[str]:
        """Codes of the items for an entity that an earlier item sets up: its founder applies for them."""
        edges = self.compiled.edges if self.compiled else ()
        return frozenset(edge.later for edge in edges if ENTITY_CODE in edge.brings)

    @property
    def definition(self) -> forms.FormDefinition:
        """The one form of all, without what results of earlier items bring."""
        if self.composed is not None:
            return self.composed.compiled.form_to_fill
        return cases.merged_form(tuple(standard.standard_id for standard in self.standards))

    def things(self, decided: Mapping[str, Any]) -> list[cases.AskedThing]:
        """The one set of materials under these answers and form values, papers grouped as the plan has them."""
        if self.compiled is None:
            return cases.asked_things(self.standards, decided)
        names = {standard.code: standard.content.name for standard in self.standards}
        papers = [[part.reference for part in one.parts] for one in self.compiled.requirements]
        met = {
            (edge.later, code): names[edge.earlier] for edge in self.compiled.edges for code in edge.supplies
        }
        apart = [[paper[0] for paper in papers]]
        return cases.asked_things(self.standards, decided, same=papers, different=apart, met=met)


def undertake_items(codes: Sequence[str], values: Answers, on: date) -> Undertaking:
    """Items that somebody picked.

    Args:
        codes: codes or slugs.
        values: answers and form values so far; what does not fit is left aside.

    Raises:
        NotFound, NotPossible: an item may not be applied for; ``fields`` holds code to sentence.
    """
    found = items.open_items(list(codes), on)
    return undertake_standards(tuple({s.code: s for s in found.values()}.values()), values, on)


def undertake_standards(standards: tuple[PublishedStandard, ...], values: Answers, on: date) -> Undertaking:
    """The same for standards that are at hand: what was typed meanwhile is taken into account without reading again."""
    situations = {s.code: s for standard in standards for s in standard.content.situations}
    answers = {code: str(values[code]) for code, s in situations.items() if values.get(code) in s.options}
    questions = tuple(
        Question(code=s.code, question=s.question, options=s.options, answer=answers.get(s.code, ""))
        for s in situations.values()
    )
    plan = _planned(standards, answers, on) if len(standards) > 1 else None
    return Undertaking(standards=standards, questions=questions, answers=answers, compiled=plan)


def _planned(standards: Sequence[PublishedStandard], answers: Mapping[str, str], on: date) -> Compiled | None:
    try:
        return compiled(ThemeContent(name="临时组合"), standards, answers, Known(values={"today": on}))
    except Circle:
        return None


def undertake_theme(code: str, values: Answers, on: date, facts: Known = NOTHING) -> Undertaking:
    """A theme, composed under the answers so far; answers that lead nowhere are put aside and said.

    Raises:
        NotFound, NotPossible: the theme or one of its items may not be applied for.
    """
    theme = theme_with_code(code, on)
    problem = ""
    try:
        composed = compose(theme, values, facts, on)
    except Invalid as wrong:
        problem = wrong.message
        composed = compose(theme, {}, facts, on)
    return Undertaking(
        standards=composed.standards,
        questions=composed.questions,
        answers=composed.answers,
        theme=theme,
        composed=composed,
        compiled=composed.compiled,
        problem=problem,
        facts=facts,
    )
