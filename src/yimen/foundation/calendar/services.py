"""Acts on the calendar: draft, fill a year, check, publish."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from yimen.foundation.calendar import permissions
from yimen.foundation.calendar.events import CalendarPublished
from yimen.foundation.calendar.models import CalendarVersion, CalendarYear, calendar_of
from yimen.foundation.calendar.notices import Finding, check_years, split_by_year
from yimen.foundation.calendar.packaged import packaged_calendar
from yimen.foundation.calendar.queries import draft_of, forget_calendars
from yimen.foundation.calendar.rules import SATURDAY, WorkCalendar, YearDays
from yimen.foundation.calendar.states import VersionState
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.kernel.events import announce


@transaction.atomic
def seed_calendar(at: datetime, region: str = "CN") -> CalendarVersion:
    """Store the packaged calendar as version 1 and put it in force; does nothing where a version exists."""
    existing = CalendarVersion.objects.filter(region=region).order_by("number").first()
    if existing:
        return existing
    packaged = packaged_calendar()
    version = CalendarVersion.objects.create(
        region=region,
        number=1,
        state=VersionState.PUBLISHED,
        note=f"随程序提供：国务院办公厅{packaged.first_year}年至{packaged.last_year}年放假通知",
        digest=packaged.digest,
        created_at=at,
        created_by="一门平台",
        published_at=at,
        published_by="一门平台",
    )
    CalendarYear.objects.bulk_create(CalendarYear.of(version, y) for y in packaged.years)
    forget_calendars()
    return version


@transaction.atomic
def draft_version(actor: Actor, at: datetime, note: str = "", region: str = "CN") -> CalendarVersion:
    """Begin a new version as a copy of the one in force (of the packaged one where there is none).

    Raises:
        NotAllowed: the actor may not manage calendars.
        NotPossible: another draft is under work.
    """
    _check(actor)
    if draft_of(region):
        raise NotPossible("已有一份草稿，请先发布或放弃它，再起草新版。", code="draft_exists")
    held = CalendarVersion.objects.filter(region=region, state=VersionState.PUBLISHED).first()
    base = calendar_of(held) if held else packaged_calendar()
    last = CalendarVersion.objects.filter(region=region).aggregate(last=Max("number"))["last"] or 0
    version = CalendarVersion.objects.create(
        region=region, number=last + 1, note=note, created_at=at, created_by=actor.name
    )
    CalendarYear.objects.bulk_create(CalendarYear.of(version, y) for y in base.years)
    return version


@transaction.atomic
def put_years(version: CalendarVersion, years: Iterable[YearDays], actor: Actor) -> list[int]:
    """Put years into a draft.

    A year that the draft lacks is added. A year it has is replaced, unless only days of its December are given: these
    are the eve of the next year's New Year holiday and are added to what is there.

    Raises:
        NotAllowed, NotPossible: not the actor's to do; not a draft.
        Invalid: adding the years would leave a gap.
    """
    _check(actor)
    if not version.is_draft:
        raise NotPossible("已发布的日历不能修改，请起草新版。", code="not_a_draft")
    rows = {row.year: row for row in version.years.all()}
    given = {y.year: y for y in years}
    for year, days in sorted(given.items()):
        held = rows.get(year)
        if (
            held
            and year + 1 in given
            and all(d.month == 12 for d in (*days.off_days, *days.working_weekend_days))
        ):
            days = _merged(held.as_days(), days)
        fresh = CalendarYear.of(version, days)
        fresh.pk = held.pk if held else None
        rows[year] = fresh
    numbers = sorted(rows)
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        missing = sorted(set(range(numbers[0], numbers[-1])) - set(numbers))
        raise Invalid(
            f"中间缺少{'、'.join(map(str, missing))}年，请先补充。",
            fields={"year": f"请先补充{missing[0]}年的放假安排。"},
        )
    for year in given:
        rows[year].save()
    return sorted(given)


def put_notice(
    version: CalendarVersion,
    year: int,
    off: dict[date, str],
    worked: dict[date, str],
    source: str,
    actor: Actor,
) -> list[int]:
    """Put the notice of one year into a draft; it may also name last days of the December before (New Year's eve).

    Raises:
        Invalid: no day off, days of another year, or a worked day that is not Saturday or Sunday.
        NotAllowed, NotPossible: as in ``put_years``.
    """
    fields = {}
    for name, days in (("off_days", off), ("working_days", worked)):
        strange = [d for d in sorted(days) if d.year != year and (d.year, d.month) != (year - 1, 12)]
        if strange:
            fields[name] = f"{strange[0]:%Y-%m-%d}不在{year}年（或上年12月）内，请核对年份。"
    if weekdays := [d for d in sorted(worked) if d.weekday() < SATURDAY]:
        fields["working_days"] = f"{weekdays[0]:%Y-%m-%d}不是星期六或星期日，不能作为调休上班日。"
    if both := sorted({*off} & {*worked}):
        fields["working_days"] = f"{both[0]:%Y-%m-%d}既列为放假又列为上班，请保留一个。"
    if not any(d.year == year for d in off):
        fields.setdefault("off_days", f"请填写{year}年的放假日期。")
    if fields:
        raise Invalid(" ".join(fields.values()), fields=fields)
    return put_years(version, split_by_year(off, worked, source), actor)


def _merged(held: YearDays, more: YearDays) -> YearDays:
    return YearDays(
        year=held.year,
        off_days={**held.off_days, **more.off_days},
        working_weekend_days={**held.working_weekend_days, **more.working_weekend_days},
        source=held.source,
    )


def check_draft(version: CalendarVersion) -> list[Finding]:
    """Plausibility of the draft: what blocks publishing and what deserves a second look."""
    return check_years([row.as_days() for row in version.years.all()])


@transaction.atomic
def discard_draft(version: CalendarVersion, actor: Actor) -> None:
    """Throw a draft away.

    Raises:
        NotAllowed, NotPossible: not the actor's to do; not a draft.
    """
    _check(actor)
    if not version.is_draft:
        raise NotPossible("只有草稿可以放弃。", code="not_a_draft")
    version.delete()


@transaction.atomic
def publish_version(version: CalendarVersion, actor: Actor, at: datetime) -> WorkCalendar:
    """Put a draft in force and supersede the one before; open clocks are recounted by who listens.

    Raises:
        NotAllowed: the actor may not manage calendars.
        NotPossible: it is not a draft, or the check found a blocking fault.
    """
    _check(actor)
    locked = CalendarVersion.objects.select_for_update().get(pk=version.pk)
    if not locked.is_draft:
        raise NotPossible("这一版已经发布过了。", code="not_a_draft")
    faults = [f.sentence for f in check_draft(locked) if f.blocking]
    if faults:
        raise NotPossible("日历还不能发布：" + "".join(faults), code="calendar_implausible")
    CalendarVersion.objects.filter(region=locked.region, state=VersionState.PUBLISHED).update(
        state=VersionState.SUPERSEDED
    )
    calendar = calendar_of(locked)
    locked.state, locked.digest = VersionState.PUBLISHED, calendar.digest
    locked.published_at, locked.published_by = at, actor.name
    locked.save(update_fields=["state", "digest", "published_at", "published_by"])
    forget_calendars()
    transaction.on_commit(forget_calendars)
    announce(CalendarPublished(at=at, region=locked.region, version=locked.number, by=actor.name))
    return calendar


def _check(actor: Actor) -> None:
    if not actor.may(permissions.MANAGE):
        raise NotAllowed("维护工作日历需要“维护和发布工作日历”的权限。")
