"""One thing (一件事): find it, answer a few plain questions, see who does what by when, begin."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yimen.kernel.access import PUBLIC, access, actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.modules.cases import api as cases
from yimen.modules.themes import api as themes
from yimen.portals.hall.pages.reading import answers_said, page_number, text_of

AUDIENCES = (("", "全部"), ("person", "个人"), ("enterprise", "企业和个体户"))
A_PAGE = 30


@require_GET
@access(PUBLIC)
def things(request: HttpRequest) -> HttpResponse:
    """The list: by everyday word, by whom it is for, by trade."""
    on = now().astimezone(CHINA).date()
    q, audience, trade = (
        text_of(request, "q", 60),
        text_of(request, "audience", 20),
        text_of(request, "trade", 60),
    )
    audience = audience if audience in dict(AUDIENCES) else ""
    found = themes.published_themes(
        on, q=q, audience=audience, trade=trade, page=page_number(request), size=A_PAGE
    )
    context = {
        "q": q,
        "audience": audience,
        "audiences": AUDIENCES,
        "trade": trade,
        "trades": themes.trades(on),
        "page": found,
        "nav_current": "hall:things",
    }
    return render(request, "hall/things/list.html", context)


@require_GET
@access(PUBLIC)
def thing(request: HttpRequest, code: str) -> HttpResponse:
    """One thing: what it is, the questions that decide, and the plan that follows from the answers so far."""
    actor, at = actor_of_request(request), now()
    on = at.astimezone(CHINA).date()
    said = answers_said(request)
    kind, key = _as_whom(request)
    known = themes.known_of(actor, on, kind=kind, key=key)
    found = themes.undertake_theme(code, said, on, known)
    theme, composed = found.theme, found.composed
    assert theme is not None
    assert composed is not None
    listed = found.things(dict(found.answers))
    deciding = [question for question in found.questions if question.deciding]
    answered = {q.code: q.answer for q in found.questions if q.answer}
    begin = urlencode([("theme", theme.code), *((f"a-{code}", answer) for code, answer in answered.items())])
    context = {
        "theme": theme,
        "found": found,
        "compiled": composed.compiled,
        "picture": themes.picture(composed.compiled, frozenset(composed.undecided)),
        "questions": deciding,
        "open_count": sum(not question.answer for question in deciding),
        "needed": [one for one in listed if not one.spared],
        "spared": [one for one in listed if one.spared],
        "left_out": composed.left_out,
        "savings": savings_words(composed.compiled),
        "begin": f"{reverse('hall:apply')}?{begin}",
        "nav_current": "hall:things",
    }
    return render(request, "hall/things/thing.html", context)


def _as_whom(request: HttpRequest) -> tuple[str, int | None]:
    """Kind and id of the one the signed-in person acts for; no id = for themselves."""
    acting = getattr(request, "acting_for", None)
    return (acting.kind, acting.key) if acting else ("person", None)


def savings_words(compiled: themes.Compiled) -> list[dict[str, Any]]:
    """What one thing saves, each with both figures; only what is really less."""
    saved = compiled.saved
    rows = (
        (saved.materials, "份材料", "要交的材料"),
        (saved.fields, "项", "要填的内容"),
        (saved.visits, "次", "要跑的次数"),
        (saved.days, "个工作日", "从受理到全部办好"),
    )
    return [
        {"label": label, "unit": unit, "before": one.one_by_one, "after": one.together, "saved": one.saved}
        for one, unit, label in rows
        if one.saved > 0
    ]


def waiting_words(application: cases.Application) -> dict[int, str]:
    """Case id to the names of what it still waits for."""
    waits = cases.waits_of(application)
    names = {case.number: case.item.name for case in application.cases.all()}
    return {key: "、".join(names.get(number, number) for number in numbers) for key, numbers in waits.items()}
