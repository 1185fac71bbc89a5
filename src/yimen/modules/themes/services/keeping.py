"""What every act on a theme shares: the locked row, who may, the copies in columns, the trace."""

import re
from datetime import date, datetime
from typing import Any

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotAllowed, NotFound
from yimen.modules.items.api import reaches
from yimen.modules.themes.canonical import digest_of, plain
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.models import Theme, ThemeVersion
from yimen.modules.themes.states import WRITE, VersionState

SUBJECT = "theme"
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def locked(code: str) -> Theme:
    """The theme by its code, locked until the transaction ends."""
    theme = (
        Theme.objects.select_for_update(of=("self",))
        .select_related("organisation", "division")
        .filter(code=code)
        .first()
    )
    if theme is None:
        raise NotFound(f"没有代码为“{code[:64]}”的一件事，请核对代码。")
    return theme


def locked_version(version_id: int) -> ThemeVersion:
    version = (
        ThemeVersion.objects.select_for_update(of=("self",))
        .select_related("theme", "theme__organisation", "theme__division")
        .filter(pk=version_id)
        .first()
    )
    if version is None:
        raise NotFound("没有找到这一版一件事。")
    return version


def require_writer(actor: Actor, theme: Theme) -> None:
    """Raise NotAllowed unless the actor may write for the lead organisation."""
    if not reaches(WRITE, actor, theme):
        raise NotAllowed(f"您没有编制“{theme.organisation.name}”牵头的一件事的权限，请联系本单位的管理员。")


def require_lead(actor: Actor, content: ThemeContent, grant: str = WRITE) -> None:
    """Nobody hands a theme to an organisation that their own grant does not reach.

    Raises:
        NotAllowed: says which organisation.
    """
    if not content.lead:
        return
    lead = lead_of(content)
    if not reaches(grant, actor, Theme(organisation=lead, division=lead.division)):
        raise NotAllowed(f"您没有为“{lead.name}”编制和发布一件事的权限，不能由它牵头。")


def day_of(at: datetime) -> date:
    """The day in China of a moment."""
    return at.astimezone(CHINA).date()


def check_code(code: str) -> None:
    """Raise Invalid unless the text can be the code of a theme."""
    if not _CODE.fullmatch(code) or len(code) > 64:
        sentence = "代码只能用小写字母、数字和连接符，最多64位，例如 newborn。"
        raise Invalid(sentence, fields={"code": sentence})


def lead_of(content: ThemeContent) -> orgs.Organisation:
    """The lead organisation.

    Raises:
        Invalid: none is named, or there is none of that code.
    """
    if not content.lead:
        raise Invalid("请选择牵头部门。", fields={"lead": "请选择牵头部门。"})
    try:
        return orgs.organisation_with_code(content.lead)
    except NotFound as refusal:
        raise Invalid(refusal.message, fields={"lead": refusal.message}) from None


def columns_of(content: ThemeContent) -> dict[str, Any]:
    """The copies that lists read."""
    return {
        "name": content.name,
        "words": " ".join([content.name, *content.aliases]),
        "trade": content.trade,
        "for_person": "person" in content.audience,
        "for_entity": bool(set(content.audience) - {"person"}),
    }


def take_columns(theme: Theme, content: ThemeContent) -> None:
    """Bring a theme's row in line with a content, its lead organisation included."""
    lead = lead_of(content) if content.lead else theme.organisation
    theme.organisation, theme.division = lead, lead.division
    for name, value in columns_of(content).items():
        setattr(theme, name, value)
    theme.save()


def new_version(theme: Theme, number: int, content: ThemeContent, actor: Actor, at: datetime) -> ThemeVersion:
    """A stored draft."""
    version = ThemeVersion(
        theme=theme,
        version=number,
        state=VersionState.DRAFT,
        content=plain(content),
        digest=digest_of(content),
        author_id=actor.account_id,
        author_name=actor.name[:100],
        created_at=at,
        updated_at=at,
    )
    version.save(force_insert=True)
    return version


def trace_theme(
    theme: Theme,
    act: str,
    actor: Actor,
    at: datetime,
    *,
    before: str = "",
    after: str = "",
    clause: str = "",
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """One event on the theme's own chain."""
    trace.append(
        subject_kind=SUBJECT,
        subject_key=theme.code,
        act=act,
        actor=actor,
        at=at,
        from_state=before,
        to_state=after,
        clause=clause,
        note=note,
        data=data,
    )
