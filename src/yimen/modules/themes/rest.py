"""REST of one thing: themes to be read, and any items composed. Public: it tells what the law asks, and writes nothing."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router
from pydantic import BaseModel, StringConstraints

from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid
from yimen.modules.items.content import Audience
from yimen.modules.items.rest import ProblemOut
from yimen.modules.themes.compiling.compiler import NOTHING
from yimen.modules.themes.compiling.values import Known
from yimen.modules.themes.content import MOST_MEMBERS
from yimen.modules.themes.queries.composing import compose, compose_items
from yimen.modules.themes.queries.published import published_themes, theme_with_code
from yimen.modules.themes.telling import compiled_out, composed_out, line_out, theme_out

router = Router(tags=["一件事"])
REFUSED = {404: ProblemOut, 409: ProblemOut, 422: ProblemOut}
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]
MOST_ANSWERS = 200


class ThemeOut(BaseModel):
    """One line of the list; figures are those of the fullest composition."""

    code: str
    version: int
    name: str
    summary: str
    trade: str
    audience: list[str]
    organisation: str
    organisation_name: str
    division: str
    items: int
    promised_limit: dict[str, Any] | None
    saved: dict[str, int]


class ThemesOut(BaseModel):
    count: int
    results: list[ThemeOut]


class CompileIn(BaseModel):
    """Items by code, or a theme; and the answers given so far."""

    items: list[Code] = Field(default_factory=list, max_length=MOST_MEMBERS)
    theme: str = Field("", max_length=64)
    answers: dict[str, Any] = Field(default_factory=dict, max_length=MOST_ANSWERS)
    applicant_kind: Literal["", "person", "entity"] = Field("", description="谁来申请：个人，或者企业和单位")


class CompiledOut(BaseModel):
    """One thing; see the documentation of each part."""

    items: list[dict[str, Any]]
    fields: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    materials: list[dict[str, Any]]
    conditions: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    schedule: list[dict[str, Any]]
    critical_path: list[str]
    promised_limit: dict[str, Any]
    fees: dict[str, Any]
    saved: dict[str, int]
    one_by_one: dict[str, int]
    together: dict[str, int]
    conflicts: list[dict[str, Any]]
    suggestions: list[str]
    notes: list[str]
    proof: dict[str, Any]
    theme: str = ""
    theme_version: int | None = None
    undecided: list[str] = []
    left_out: list[str] = []


@router.get(
    "", auth=None, response={200: ThemesOut, 422: ProblemOut}, summary="一件事清单", url_name="themes"
)
def list_themes(
    request: HttpRequest,
    q: str = "",
    audience: Audience | None = None,
    trade: str = "",
    division: str = "",
    page: int = 1,
    size: int = 20,
) -> dict[str, Any]:
    """Themes that may be applied for; ``q`` is part of a name or an everyday word. At most 100 a page."""
    wanted = {"q": q, "trade": trade[:300], "division": division[:12]}
    found = published_themes(
        _today(),
        audience=audience or "",
        page=min(max(page, 1), 1_000_000),
        size=size,
        **{name: text.replace("\x00", "") for name, text in wanted.items()},
    )
    return {"count": found.count, "results": [line_out(line) for line in found.results]}


@router.post(
    "/compile",
    auth=None,
    response={200: CompiledOut, **REFUSED},
    summary="把若干事项合成一件事",
    url_name="themes_compile",
)
def compile_items(request: HttpRequest, payload: CompileIn) -> dict[str, Any]:
    """One form, one set of materials, one plan and one date of any items, with the proof that nothing was lost."""
    if bool(payload.items) == bool(payload.theme):
        sentence = "请在 items（事项编码）和 theme（一件事代码）中填写一种。"
        raise Invalid(sentence, fields={"items": sentence})
    known = Known(values={"applicant_kind": payload.applicant_kind}) if payload.applicant_kind else NOTHING
    if payload.items:
        return compiled_out(compose_items(payload.items, payload.answers, _today(), known))
    return composed_out(compose(theme_with_code(payload.theme, _today()), payload.answers, known, _today()))


@router.get(
    "/{code}", auth=None, response={200: dict[str, Any], **REFUSED}, summary="一件事", url_name="theme"
)
def get_theme(request: HttpRequest, code: str, version: int | None = None) -> dict[str, Any]:
    """The whole published theme with everything in it compiled; ``?version=`` for an older one, as it was written."""
    if version is not None and not 0 < version < 1_000_000:
        raise Invalid("version 应为版本号，例如 1。", fields={"version": "应为版本号，例如 1。"})
    theme = theme_with_code(code, _today(), version)
    told = theme_out(theme)
    if version is None:
        told["compiled"] = composed_out(compose(theme, {}, NOTHING, _today()))
    return told


def _today() -> Any:
    return now().astimezone(CHINA).date()
