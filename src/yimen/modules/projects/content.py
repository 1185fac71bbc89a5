"""What a stage plan says: which items a project has to pass, in which of the four stages, led by whom, within what time.

A plan is data: versioned, published, pinned by each project. Conditions (``when``) are rule expressions over the facts of the
project: ``investment`` (enterprise, government), ``approval`` (filing, verification, approval), ``kind`` (housing, factory, line,
public, small), ``invests`` (10,000 yuan), ``floor_area`` and ``site_area`` (square metres), and the plan's own yes-or-no questions.
"""

from collections import Counter
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yimen.kernel.expressions import check

Text = Annotated[str, Field(max_length=300)]
Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class StageKind(StrEnum):
    """The four stages (国办发〔2019〕11号), in order."""

    SITE = "site"
    PROJECT = "project"
    CONSTRUCTION = "construction"
    COMPLETION = "completion"

    @property
    def label(self) -> str:
        return STAGE_LABELS[self]


STAGE_LABELS = {
    StageKind.SITE: "立项用地规划许可",
    StageKind.PROJECT: "工程建设许可",
    StageKind.CONSTRUCTION: "施工许可",
    StageKind.COMPLETION: "竣工验收",
}
SessionKind = Literal["site_inspection", "drawing_review", "acceptance"]
KindName = Literal["text", "number", "date", "boolean", "choice", "many", "any"]
BOOLEAN: KindName = "boolean"
FACTS: dict[str, KindName] = {
    "investment": "text", "approval": "text", "kind": "text", "invests": "number", "floor_area": "number",
    "site_area": "number",
}  # fmt: skip


class Part(BaseModel):
    """Base of every part: frozen, and unknown keys are an error rather than silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PlanItem(Part):
    """An item of a stage; ``item`` is its slug or code, ``when`` decides for which projects ("" = all)."""

    item: Slug
    when: Text = ""
    note: Text = ""


class PlanEdge(Part):
    """An order between two items of a stage that the law wants; those that follow from results need not be said."""

    before: Slug
    after: Slug
    why: Text
    clause: Text = ""
    when_failed: Literal["ask", "terminate"] = "ask"


class Supply(Part):
    """A material that is the result of an earlier item, where the standards do not say so themselves.

    Args:
        item, requirement: the later item and the code of its material.
        by: items of which the result stands for it; whichever the project has (kinds of projects differ).
    """

    item: Slug
    requirement: Slug
    by: tuple[Slug, ...] = Field(min_length=1)


class PreReviewRule(Part):
    """Pre-review (预审): early, on promise, before the stage may formally begin.

    Args:
        days: working days for its opinion.
        opens_earthworks: a passed one lets earthworks begin (基坑土方先行施工).
        promise: what the owner promises.
    """

    days: int = Field(5, ge=1, le=60)
    opens_earthworks: bool = False
    promise: Annotated[str, Field(max_length=2000)]
    clause: Text = ""


class SessionRule(Part):
    """A joint session that the stage may hold: site inspection, drawing review or acceptance (联合踏勘、审图、验收)."""

    kind: SessionKind
    name: Text
    days: int = Field(5, ge=1, le=60, description="working days from the call to the one opinion")
    clause: Text = ""


class PlanStage(Part):
    """One stage: lead department, working days, items, true edges.

    ``needs`` names items of earlier stages whose result this stage needs on the parallel track; on the old track the
    whole stage before has to be passed.
    """

    kind: StageKind
    name: Text
    lead: Slug = Field(description="code of the lead department (牵头部门)")
    days: int = Field(ge=1, le=365, description="working days promised for the stage")
    clause: Text = ""
    items: tuple[PlanItem, ...] = Field(min_length=1)
    edges: tuple[PlanEdge, ...] = ()
    needs: tuple[Slug, ...] = ()
    pre_review: PreReviewRule | None = None
    sessions: tuple[SessionRule, ...] = ()


class PlanQuestion(Part):
    """A plain yes-or-no question whose answer is a fact of the project."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    question: Text
    hint: Text = ""


class StagePlanContent(Part):
    """The whole plan of one kind of project."""

    name: Text
    summary: Annotated[str, Field(max_length=2000)] = ""
    when: Text = Field("", description="which projects it is for")
    target_days: int = Field(ge=1, le=365, description="working days for all four stages")
    clause: Text = ""
    questions: tuple[PlanQuestion, ...] = ()
    supplies: tuple[Supply, ...] = ()
    stages: tuple[PlanStage, ...] = Field(min_length=4, max_length=4)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [*self._stage_problems(), *self._rule_problems()]
        if problems:
            raise ValueError("；".join(problems))
        return self

    def _stage_problems(self) -> list[str]:
        problems = []
        if [stage.kind for stage in self.stages] != list(StageKind):
            problems.append("四个阶段应当齐全，并按立项用地、工程建设、施工、竣工的顺序排列")
        counts = Counter(item.item for stage in self.stages for item in stage.items)
        problems += [f"事项“{code}”出现了{n}次" for code, n in counts.items() if n > 1]
        earlier: set[str] = set()
        for stage in self.stages:
            own = {item.item for item in stage.items}
            ends = {code for edge in stage.edges for code in (edge.before, edge.after)}
            problems += [
                f"{stage.name}的先后关系提到了本阶段没有的事项“{code}”" for code in sorted(ends - own)
            ]
            problems += [
                f"{stage.name}需要的“{code}”不在前面的阶段里" for code in stage.needs if code not in earlier
            ]
            circle = circle_of([(edge.before, edge.after) for edge in stage.edges])
            if circle:
                problems.append(f"{stage.name}的先后关系成了环：{' → '.join(circle)}")
            earlier |= own
        named = {supply.item for supply in self.supplies}
        return problems + [f"材料来源提到了流程里没有的事项“{code}”" for code in sorted(named - earlier)]

    def _rule_problems(self) -> list[str]:
        known = FACTS | {question.code: BOOLEAN for question in self.questions}
        rules = [self.when, *(item.when for stage in self.stages for item in stage.items)]
        return [
            f"条件“{rule}”：{problem.sentence}" for rule in rules if rule for problem in check(rule, known)
        ]


def circle_of(edges: list[tuple[str, str]]) -> list[str]:
    """A circle among the edges, its first member repeated at the end; empty when there is none."""
    following: dict[str, list[str]] = {}
    for before, after in edges:
        following.setdefault(before, []).append(after)
    done: set[str] = set()

    def walk(here: str, path: list[str]) -> list[str]:
        if here in path:
            return [*path[path.index(here) :], here]
        if here in done:
            return []
        for later in following.get(here, ()):
            if circle := walk(later, [*path, here]):
                return circle
        done.add(here)
        return []

    return next((circle for start in list(following) if (circle := walk(start, []))), [])
