"""The figures that lists show of a theme: of the composition with most items that real answers can give."""

from collections.abc import Iterator
from datetime import date
from itertools import islice, product
from typing import Any

from yimen.kernel.errors import Refusal
from yimen.modules.themes.compiling.values import Compiled, Known
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.queries.composing import compose, joining_members
from yimen.modules.themes.queries.published import PublishedTheme

MOST_COMPOSITIONS = 512


def headline_of(theme: PublishedTheme, on: date) -> dict[str, Any]:
    """Figures of the fullest composition; empty when none can be made, which the author is told elsewhere."""
    answers, known = max(
        _applicants(theme.content), key=lambda one: _members(theme.content, one[0], one[1], on)
    )
    try:
        return figures(compose(theme, answers, known, on).compiled)
    except Refusal:
        return {}


def _applicants(content: ThemeContent) -> Iterator[tuple[dict[str, str], Known]]:
    """Everybody who might apply, as far as the theme's own questions and the kind of applicant tell them apart."""
    kinds = sorted({"person" if kind == "person" else "entity" for kind in content.audience})
    codes = [question.code for question in content.questions]
    for kind in kinds:
        known = Known(values={"applicant_kind": kind})
        for chosen in islice(product(*(q.options for q in content.questions)), MOST_COMPOSITIONS):
            yield dict(zip(codes, chosen, strict=True)), known


def _members(content: ThemeContent, answers: dict[str, str], known: Known, on: date) -> int:
    return len(joining_members(content, {**known.scope(answers), "today": on}))


def figures(compiled: Compiled) -> dict[str, Any]:
    """The figures of one composition, plain."""
    saved = compiled.saved
    return {
        "items": len(compiled.items),
        "organisations": len({standard.organisation_code for standard in compiled.items}),
        "promised_days": compiled.promised_limit.amount,
        "materials": saved.materials.together,
        "fields": saved.fields.together,
        "saved": {
            "materials": saved.materials.saved,
            "fields": saved.fields.saved,
            "visits": saved.visits.saved,
            "days": saved.days.saved,
        },
    }
