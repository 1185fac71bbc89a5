"""Writing and publishing themes: the only place where their rows change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Conflict, Invalid, NotFound, NotPossible
from yimen.kernel.events import announce
from yimen.modules.themes.canonical import digest_of, parse_content, plain
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.events import ThemePublished, ThemeResumed, ThemeSuspended
from yimen.modules.themes.models import Theme, ThemeVersion
from yimen.modules.themes.queries.checking import Checked, check_content
from yimen.modules.themes.queries.headlines import headline_of
from yimen.modules.themes.queries.published import value_of
from yimen.modules.themes.services.keeping import (
    check_code,
    columns_of,
    day_of,
    lead_of,
    locked,
    locked_version,
    new_version,
    require_lead,
    require_writer,
    take_columns,
    trace_theme,
)
from yimen.modules.themes.states import MACHINE, PUBLISH, ThemeState, VersionState

Content = ThemeContent | Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class NewTheme:
    """A theme to be made.

    Args:
        code: lower-case letters, digits and hyphens; part of its address for good.
        content: ``lead`` names the organisation that answers for it.
    """

    code: str
    content: Content


def create_theme(new: NewTheme, actor: Actor, at: datetime) -> ThemeVersion:
    """Make a theme with its first draft.

    Raises:
        Invalid: the code is taken or not a code; the content does not fit.
        NotAllowed: the actor's grant does not reach the lead organisation.
    """
    content = parse_content(new.content)
    check_code(new.code)
    lead = lead_of(content)
    theme = Theme(
        code=new.code,
        organisation=lead,
        division=lead.division,
        created_at=at,
        **columns_of(content),
    )
    require_writer(actor, theme)
    try:
        with transaction.atomic():
            theme.save(force_insert=True)
    except IntegrityError:
        sentence = f"代码“{new.code}”已经用过，请换一个。"
        raise Invalid(sentence, fields={"code": sentence}) from None
    version = new_version(theme, 1, content, actor, at)
    trace_theme(theme, "create_theme", actor, at, data={"version": 1})
    return version


@transaction.atomic
def start_version(code: str, actor: Actor, at: datetime) -> ThemeVersion:
    """The draft in work, or a new one that begins as a copy of the newest version."""
    theme = locked(code)
    require_writer(actor, theme)
    newest = theme.versions.order_by("-version").first()
    if newest is None:
        raise NotFound()
    if newest.state == VersionState.DRAFT:
        return newest
    return new_version(theme, newest.version + 1, newest.parsed, actor, at)


@transaction.atomic
def save_draft(version_id: int, content: Content, revision: int, actor: Actor, at: datetime) -> ThemeVersion:
    """Keep what the author wrote; it need not be publishable yet.

    Args:
        revision: the one that the author had before them.

    Raises:
        Conflict: somebody saved meanwhile.
        Invalid: the content does not fit.
        NotPossible: the version is published.
    """
    version = locked_version(version_id)
    require_writer(actor, version.theme)
    if version.state != VersionState.DRAFT:
        raise NotPossible("已发布的版本不能修改，请先新建一版。", code="version_published")
    if version.revision != revision:
        raise Conflict("别人刚刚保存过这份草稿，请看过最新内容后再改。", code="draft_changed")
    parsed = parse_content(content)
    require_lead(actor, parsed)
    version.content, version.digest = plain(parsed), digest_of(parsed)
    version.revision += 1
    version.updated_at = at
    version.author_id, version.author_name = actor.account_id, actor.name[:100]
    version.save()
    if version.theme.state == ThemeState.DRAFT:
        take_columns(version.theme, parsed)
    return version


@transaction.atomic
def discard_draft(version_id: int, actor: Actor, at: datetime) -> None:
    """Throw a draft away; the only version of a theme never published stays."""
    version = locked_version(version_id)
    require_writer(actor, version.theme)
    if version.state != VersionState.DRAFT or version.version == 1:
        raise NotPossible("只能放弃还没有发布、而且不是第一版的草稿。", code="not_discardable")
    number = version.version
    version.delete()
    trace_theme(version.theme, "discard_draft", actor, at, data={"version": number})


@transaction.atomic
def publish(version_id: int, actor: Actor, at: datetime) -> ThemeVersion:
    """Put a draft in force from today; the version before ends. Applications handed in before keep theirs.

    Raises:
        Invalid: a circle, a blocking conflict, a missing or suspended item; ``fields`` says where, each in a sentence.
        NotAllowed, NotPossible: by the step table.
    """
    version = locked_version(version_id)
    theme = version.theme
    if version.state != VersionState.DRAFT:
        raise NotPossible("这一版已经发布过，请先新建一版。", code="version_published")
    MACHINE.check("publish", ThemeState(theme.state), actor, theme)
    content, on = version.parsed, day_of(at)
    require_lead(actor, content, PUBLISH)
    checked = check_content(content, on)
    refuse_findings(checked)
    theme.versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.RETIRED, valid_to=on)
    before, theme.state = theme.state, ThemeState.PUBLISHED
    take_columns(theme, content)
    version.state, version.valid_from, version.digest = VersionState.PUBLISHED, on, digest_of(content)
    version.pins = {s.code: s.standard_id for s in checked.standards}
    version.published_at = version.updated_at = at
    version.published_by_id, version.published_by_name = actor.account_id, actor.name[:100]
    version.headline = headline_of(value_of(version), on)
    version.save()
    trace_theme(
        theme, "publish_theme", actor, at, before=before, after=ThemeState.PUBLISHED,
        data={"version": version.version, "digest": version.digest},
    )  # fmt: skip
    announce(ThemePublished(at=at, theme_code=theme.code, theme_id=theme.pk, version=version.version))
    return version


def refuse_findings(checked: Checked) -> None:
    """Raise Invalid with a sentence for each blocking finding."""
    if not checked.blocking:
        return
    fields: dict[str, str] = {}
    for finding in checked.blocking:
        key = finding.path or "content"
        fields[key] = fields[key] + finding.sentence if key in fields else finding.sentence
    raise Invalid(
        f"还有 {len(checked.blocking)} 处问题，改好后才能发布：{checked.blocking[0].sentence}",
        code="theme_not_publishable",
        fields=fields,
    )


def take_over(code: str, actor: Actor, at: datetime) -> ThemeVersion:
    """Take over what changed in the items: the same content, judged and published anew under the standards in force.

    Raises:
        Invalid: the new standards do not go together as they are; the draft in work, if any, must be finished first.
    """
    with transaction.atomic():
        theme = locked(code)
        if theme.versions.filter(state=VersionState.DRAFT).exists():
            raise NotPossible(
                "这件事有一版正在编制，请在那一版里接受事项的变化后发布。", code="draft_in_work"
            )
        MACHINE.check("publish", ThemeState(theme.state), actor, theme)
        newest = theme.versions.latest("version")
        renewed = new_version(theme, newest.version + 1, newest.parsed, actor, at)
        return publish(renewed.pk, actor, at)


@transaction.atomic
def suspend(code: str, reason: str, clause: str, actor: Actor, at: datetime) -> Theme:
    """Stop taking new applications for the whole; what runs goes on, and each item may still be applied for.

    Raises:
        Invalid: reason or clause missing.
    """
    needed = (
        ("reason", reason, "请写明原因，办事人会看到。"),
        ("clause", clause, "请写明依据的条款或者文件。"),
    )
    fields = {name: sentence for name, text, sentence in needed if not text.strip()}
    if fields:
        raise Invalid("原因和依据都要写明。", fields=fields)
    theme = locked(code)
    MACHINE.check("suspend", ThemeState(theme.state), actor, theme)
    theme.state = ThemeState.SUSPENDED
    theme.suspended_reason, theme.suspended_clause = reason.strip()[:500], clause.strip()[:300]
    theme.save(update_fields=["state", "suspended_reason", "suspended_clause"])
    trace_theme(
        theme, "suspend_theme", actor, at, before=ThemeState.PUBLISHED, after=ThemeState.SUSPENDED,
        clause=theme.suspended_clause, note=theme.suspended_reason,
    )  # fmt: skip
    announce(ThemeSuspended(at=at, theme_code=code, theme_id=theme.pk, reason=reason, clause=clause))
    return theme


@transaction.atomic
def resume(code: str, actor: Actor, at: datetime) -> Theme:
    """Take applications for the whole again."""
    theme = locked(code)
    MACHINE.check("resume", ThemeState(theme.state), actor, theme)
    theme.state, theme.suspended_reason, theme.suspended_clause = ThemeState.PUBLISHED, "", ""
    theme.save(update_fields=["state", "suspended_reason", "suspended_clause"])
    trace_theme(theme, "resume_theme", actor, at, before=ThemeState.SUSPENDED, after=ThemeState.PUBLISHED)
    announce(ThemeResumed(at=at, theme_code=code, theme_id=theme.pk))
    return theme
