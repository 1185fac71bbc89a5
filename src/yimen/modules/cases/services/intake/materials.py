"""Materials as they come in: each stands for a requirement of the standard."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yimen.foundation.files import api as files
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid
from yimen.modules.cases import rules
from yimen.modules.cases.models import Case, Material
from yimen.modules.items.content import MaterialRequirement

Code = Annotated[str, StringConstraints(max_length=41)]
SOURCE_BY_FIELD = ("file", "licence", "promise", "paper", "owed")


class MaterialIn(BaseModel):
    """One thing handed in: exactly one of file, licence, promise, paper (window only) or owed.

    Args:
        requirement: code in the standard's material list.
        item: item code, where two items of the application use one requirement code for different things.
        file: digest of an uploaded file.
        licence: number of an electronic licence shown instead.
        promise: the applicant promises in writing instead (告知承诺).
        paper: the clerk took the paper.
        owed: a minor material that will follow (容缺后补).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    requirement: Code
    item: str = Field("", max_length=64)
    file: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    licence: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=100)] | None = (
        None
    )
    promise: Literal[True] | None = None
    paper: Literal[True] | None = None
    owed: Literal[True] | None = None

    @property
    def source(self) -> str:
        """Which of the sources was given; raises Invalid when none or several were."""
        given = [name for name in SOURCE_BY_FIELD if getattr(self, name)]
        if len(given) != 1:
            raise Invalid(
                f"材料“{self.requirement}”应当只用一种方式提供：上传文件、出示证照、告知承诺、窗口收纸质或者容缺后补。",
                fields={"materials": "每项材料选择一种提供方式。"},
            )
        return given[0]


def build_materials(
    cases: Sequence[Case], handed_in: Iterable[MaterialIn], actor: Actor, at: datetime
) -> list[Material]:
    """Check what was handed in against the standards of all cases and make unsaved rows.

    One paper serves every item of the application that asks for the same requirement code.

    Raises:
        Invalid: unknown requirement, a source the standard does not allow, a file that is not the uploader's.
    """
    handed_in = list(handed_in)
    stored = _files(handed_in, actor)
    rows: list[Material] = []
    for given in handed_in:
        rows += [
            _row(case, requirement, given, stored, actor, at)
            for case in cases
            if given.item in ("", case.published.code)
            for requirement in case.published.content.materials
            if requirement.code == given.requirement
        ]
        if not any(row.requirement == given.requirement for row in rows):
            raise Invalid(
                f"所办事项的材料清单里没有“{given.requirement}”，请按办事指南的材料清单提交。",
                fields={"materials": f"没有“{given.requirement}”这项材料。"},
            )
    return rows


def forms_filled(
    cases: Sequence[Case], rows: Sequence[Material], values: Mapping[str, Any], at: datetime
) -> list[Material]:
    """The application forms that the filled form itself stands for: nobody is asked to bring the paper as well."""
    given = {(row.case_id or id(row.case), row.requirement) for row in rows}
    return [
        Material(
            application=case.application, case=case, requirement=m.code, name=m.name, source="form", trust="D",
            handed_in_at=at,
        )
        for case in cases
        if case.published.content.form.sections
        for m in rules.required_materials(case.published.content, values)
        if m.kind == "form" and (case.pk or id(case), m.code) not in given
    ]  # fmt: skip


def add_materials(case: Case, handed_in: Iterable[MaterialIn], actor: Actor, at: datetime) -> list[str]:
    """Add materials to a case; what they replace is kept and marked. Returns the names added."""
    rows = build_materials([case], handed_in, actor, at)
    codes = {row.requirement for row in rows}
    replaced = {
        old.requirement: old
        for old in Material.objects.filter(case=case, requirement__in=codes)
        .exclude(state="replaced")
        .order_by("id")
    }
    Material.objects.filter(case=case, requirement__in=codes).exclude(state="replaced").update(
        state="replaced"
    )
    for row in rows:
        row.replaces = replaced.get(row.requirement)
    Material.objects.bulk_create(rows)
    recount(case)
    return list(dict.fromkeys(row.name for row in rows))


def recount(case: Case) -> None:
    """Bring the case's counts of owed and promised materials in line with its rows."""
    current = list(
        Material.objects.filter(case=case).exclude(state="replaced").values_list("source", "state")
    )
    case.owed = sum(state == "owed" for _, state in current)
    case.promised = sum(source == "promise" for source, _ in current)


def _files(handed_in: list[MaterialIn], actor: Actor) -> dict[str, files.StoredFile]:
    digests = {given.file for given in handed_in if given.file}
    if not digests:
        return {}
    stored = files.usable_files(digests, actor)
    if lacking := digests - stored.keys():
        raise Invalid(
            "有一个文件不存在或者不是您上传的，请重新上传。",
            fields={"materials": f"文件 {min(lacking)[:12]} 不能使用。"},
        )
    return stored


def _row(
    case: Case,
    requirement: MaterialRequirement,
    given: MaterialIn,
    stored: dict[str, files.StoredFile],
    actor: Actor,
    at: datetime,
) -> Material:
    source = given.source
    file = stored.get(given.file or "")
    _check_source(case, requirement, source, file, actor)
    return Material(
        application=case.application,
        case=case,
        requirement=requirement.code,
        name=requirement.name,
        source=source,
        file=file,
        reference=given.licence or "",
        trust={"licence": "A", "paper": "B", "promise": "D"}.get(source, requirement.trust),
        state="owed" if source == "owed" else "handed_in",
        handed_in_at=at,
    )


def _check_source(
    case: Case, requirement: MaterialRequirement, source: str, file: files.StoredFile | None, actor: Actor
) -> None:
    content = case.published.content
    if source == "promise" and not rules.may_promise(content, requirement.code):
        raise Invalid(
            f"“{requirement.name}”不能用告知承诺代替，请提交材料。", fields={"materials": requirement.name}
        )
    if source == "owed" and not rules.may_owe(content, requirement.code):
        raise Invalid(
            f"“{requirement.name}”是主要材料或者本事项不适用容缺，不能后补，请先备齐。",
            fields={"materials": requirement.name},
        )
    if source == "paper" and actor.channel != "window":
        raise Invalid(
            f"“{requirement.name}”的纸质原件只能由窗口收取。", fields={"materials": requirement.name}
        )
    if file is not None and not _accepts(requirement, file.media_type):
        raise Invalid(
            f"“{requirement.name}”不接受这种文件，请上传{_kinds(requirement)}。",
            fields={"materials": f"{requirement.name}：请上传{_kinds(requirement)}"},
        )


KINDS = {"pdf": "PDF", "image": "图片", "office": "Word 或 Excel 文件", "ofd": "OFD"}


def _accepts(requirement: MaterialRequirement, media_type: str) -> bool:
    return _kind_of(media_type) in requirement.accept


def _kind_of(media_type: str) -> str:
    if media_type.startswith("image/"):
        return "image"
    return {"application/pdf": "pdf", "application/ofd": "ofd"}.get(media_type, "office")


def _kinds(requirement: MaterialRequirement) -> str:
    return "、".join(KINDS[kind] for kind in requirement.accept)
