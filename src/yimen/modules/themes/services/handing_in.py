"""One application for one thing: composed from the theme, handed in once, each item in its order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from yimen.foundation.identity import api as identity
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Conflict, Invalid
from yimen.modules.cases import api as cases
from yimen.modules.themes.compiling.compiler import NOTHING
from yimen.modules.themes.compiling.limits import working_days
from yimen.modules.themes.compiling.values import Compiled, CompiledRequirement, Known
from yimen.modules.themes.models import SEALED_FOR, ThemeApplication
from yimen.modules.themes.queries.composing import Composed, compose
from yimen.modules.themes.queries.published import PublishedTheme, theme_with_code
from yimen.modules.themes.queries.undertaking import Undertaking


@dataclass(frozen=True, kw_only=True)
class ThemeHandIn:
    """What is handed in for one thing.

    Args:
        theme: its code.
        answers: to the theme's questions and, here or in ``form``, to the items' situations.
        applicant, form, centre, delivery_way, draft, expected: as in ``cases.HandIn``.
        materials: a requirement without an item is a key of the one set (or a code that means one paper in it) and serves
            every item that asks for that paper; with an item it serves that item alone.
        together: results all at once; None = as the theme has it.
        expected_theme: version of the theme that the person read; a newer one is told, not silently used.
    """

    theme: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    applicant: cases.ApplicantIn | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    materials: Sequence[cases.MaterialIn] = ()
    centre: str = ""
    delivery_way: str = "window"
    draft: bool = False
    expected: Mapping[str, int] = field(default_factory=dict)
    together: bool | None = None
    expected_theme: int | None = None


def hand_in_theme(
    command: ThemeHandIn, actor: Actor, at: datetime, *, facts: Known = NOTHING
) -> cases.Application:
    """Receive one application for everything that joins, with the order among the items.

    Args:
        facts: the same as the composition was shown with.

    Raises:
        Invalid: a question that decides what joins is open; form, answers or materials do not fit.
        NotFound, NotPossible: the theme or one of its items may not be applied for.
        Conflict: the theme or a standard changed since the person read it.
    """
    on = at.astimezone(CHINA).date()
    theme = theme_with_code(command.theme, on)
    _check_version(theme, command.expected_theme)
    kind = command.applicant.kind if command.applicant is not None else "person"
    known = Known(values={**facts.values, "applicant_kind": kind}, licences=facts.licences)
    composed = compose(theme, {**command.form, **command.answers}, known, on)
    if not command.draft:
        _refuse_open(composed)
    with transaction.atomic():
        application = cases.hand_in(_as_hand_in(command, composed), actor, at)
        ThemeApplication.objects.create(
            application=application,
            version_id=theme.version_id,
            answers_sealed=identity.seal_json(dict(composed.answers), SEALED_FOR),
            standards={standard.code: standard.standard_id for standard in composed.standards},
            promised_days=working_days(composed.compiled.promised_limit),
        )
    return application


def hand_in_undertaking(
    undertaking: Undertaking,
    command: cases.HandIn,
    actor: Actor,
    at: datetime,
    *,
    together: bool | None = None,
    expected_theme: int | None = None,
) -> cases.Application:
    """Hand in what hall and window show as one undertaking: through its theme, or its items in their order.

    Args:
        command: items, order and joint promise in it are replaced by those of the undertaking.
        together: results all at once; None = as the theme has it, or one by one.

    Raises:
        Invalid, NotFound, NotPossible, NotAllowed, Conflict: as ``hand_in_theme`` and ``cases.hand_in``.
    """
    if undertaking.theme is not None:
        return hand_in_theme(
            ThemeHandIn(
                theme=undertaking.theme.code,
                answers=undertaking.answers,
                applicant=command.applicant,
                form=command.form,
                materials=command.materials,
                centre=command.centre,
                delivery_way=command.delivery_way,
                draft=command.draft,
                expected=command.expected,
                together=together,
                expected_theme=expected_theme,
            ),
            actor,
            at,
            facts=undertaking.facts,
        )
    dependencies = dependencies_of(undertaking.compiled) if undertaking.compiled else ()
    items = [standard.code for standard in undertaking.standards]
    return cases.hand_in(
        replace(command, items=items, dependencies=dependencies, together=bool(together)), actor, at
    )


def hand_in_by_theme(
    command: cases.HandIn, theme: str, answers: Mapping[str, str], actor: Actor, at: datetime
) -> cases.Application:
    """``POST /applications`` with ``theme`` and ``answers`` instead of ``items``."""
    if command.items:
        sentence = "theme 和 items 只能填写一种：按一件事申请时，事项由您的回答决定。"
        raise Invalid(sentence, fields={"items": sentence})
    whole = ThemeHandIn(
        theme=theme,
        answers=answers,
        applicant=command.applicant,
        form=command.form,
        materials=command.materials,
        centre=command.centre,
        delivery_way=command.delivery_way,
        draft=command.draft,
        expected=command.expected,
        together=command.together or None,
    )
    return hand_in_theme(whole, actor, at)


def _check_version(theme: PublishedTheme, read: int | None) -> None:
    if read is not None and read != theme.version:
        raise Conflict(
            f"“{theme.name}”在您填写期间更新了（第{read}版→第{theme.version}版），您填的内容都还在，请看一下变化后再提交。",
            code="theme_changed",
            fields={"theme": f"现行第{theme.version}版"},
        )


def _refuse_open(composed: Composed) -> None:
    """What decides which items join must be answered: nobody is to apply for something unasked."""
    if composed.undecided and composed.open_questions:
        raise Invalid(
            "请先回答几个问题，才能确定您要办哪些事项。",
            code="questions_open",
            fields={
                q.code: f"{q.question} 请从“{'”“'.join(q.options)}”中选择。" for q in composed.open_questions
            },
        )


def _as_hand_in(command: ThemeHandIn, composed: Composed) -> cases.HandIn:
    compiled, content = composed.compiled, composed.theme.content
    own = {question.code for question in content.questions}
    form = {code: value for code, value in command.form.items() if code not in own}
    return cases.HandIn(
        items=[standard.code for standard in composed.standards],
        applicant=command.applicant,
        form={**form, **composed.situation_answers},
        materials=spread(compiled, command.materials),
        centre=command.centre,
        delivery_way=command.delivery_way,
        draft=command.draft,
        expected=command.expected,
        joint=True,
        lead=composed.theme.organisation_code,
        dependencies=dependencies_of(compiled),
        together=content.handover == "together" if command.together is None else command.together,
        joint_days=working_days(compiled.promised_limit),
        joint_clause=compiled.promised_limit.clause,
    )


def dependencies_of(compiled: Compiled) -> list[cases.Dependency]:
    """The edges of the plan as ``cases`` takes them."""
    return [
        cases.Dependency(
            earlier=edge.earlier,
            later=edge.later,
            supplies=edge.supplies,
            brings=edge.brings,
            when_failed=edge.when_failed,
            why=edge.why,
            clause=edge.clause,
        )
        for edge in compiled.edges
    ]


def spread(compiled: Compiled, materials: Iterable[cases.MaterialIn]) -> list[cases.MaterialIn]:
    """One paper for everybody who asks for it: each thing handed in once becomes a material of every part.

    Raises:
        Invalid: the set has no such paper, or several papers bear that code.
    """
    spread_out: list[cases.MaterialIn] = []
    for given in materials:
        if given.item:
            spread_out.append(given)
            continue
        paper = _paper(compiled.requirements, given.requirement)
        spread_out += [
            given.model_copy(update={"requirement": part.requirement.code, "item": part.item})
            for part in paper.parts
        ]
    return spread_out


def _paper(requirements: Sequence[CompiledRequirement], name: str) -> CompiledRequirement:
    for one in requirements:
        if one.key == name:
            return one
    found = [one for one in requirements if any(part.requirement.code == name for part in one.parts)]
    if len(found) == 1:
        return found[0]
    listed = "、".join(f"{one.key}（{one.name}）" for one in found or requirements)[:600]
    problem = f"“{name}”在这套材料里指几份不同的材料" if found else f"这套材料里没有“{name}”"
    sentence = f"{problem}，请写明是哪一份：{listed}。"
    raise Invalid(sentence, fields={"materials": sentence})
