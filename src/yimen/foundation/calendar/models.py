"""Versions of the working-day calendar; a published version never changes."""

from datetime import date

from django.db import models
from django.db.models import Q

from yimen.foundation.calendar.rules import WorkCalendar, YearDays
from yimen.foundation.calendar.states import VersionState


class CalendarVersion(models.Model):
    """One whole calendar of a region; publishing it supersedes the one before."""

    region = models.CharField("地区", max_length=16, default="CN")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField(
        "状态", max_length=12, choices=[(s.value, s.label) for s in VersionState], default=VersionState.DRAFT
    )
    note = models.CharField("依据与说明", max_length=400, blank=True)
    digest = models.CharField("内容摘要", max_length=64, blank=True)
    created_at = models.DateTimeField("建立时间")
    created_by = models.CharField("建立人", max_length=80)
    published_at = models.DateTimeField("发布时间", null=True)
    published_by = models.CharField("发布人", max_length=80, blank=True)

    class Meta:
        verbose_name = "工作日历版本"
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="calendar_number_once"),
            models.UniqueConstraint(
                fields=["region"], condition=Q(state=VersionState.PUBLISHED), name="calendar_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["region"], condition=Q(state=VersionState.DRAFT), name="calendar_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} 第{self.number}版"

    @property
    def state_label(self) -> str:
        return VersionState(self.state).label

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT


class CalendarYear(models.Model):
    """One year's notice inside a version."""

    version = models.ForeignKey(
        CalendarVersion, on_delete=models.CASCADE, related_name="years", verbose_name="版本"
    )
    year = models.PositiveSmallIntegerField("年份")
    off_days = models.JSONField("放假日", default=dict, help_text="日期到节日名，例如 2026-02-17: 春节")
    working_weekend_days = models.JSONField("调休上班日", default=dict)
    source = models.CharField("文号", max_length=200, blank=True)

    class Meta:
        verbose_name = "年度放假安排"
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["version", "year"], name="calendar_year_once")]

    def __str__(self) -> str:
        return f"{self.year}年放假安排"

    def as_days(self) -> YearDays:
        return YearDays(
            year=self.year,
            off_days=_days(self.off_days),
            working_weekend_days=_days(self.working_weekend_days),
            source=self.source,
        )

    @classmethod
    def of(cls, version: CalendarVersion, days: YearDays) -> "CalendarYear":
        """An unsaved row with these days."""
        return cls(
            version=version,
            year=days.year,
            off_days={d.isoformat(): n for d, n in sorted(days.off_days.items())},
            working_weekend_days={d.isoformat(): n for d, n in sorted(days.working_weekend_days.items())},
            source=days.source,
        )


def _days(stored: dict[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): name for day, name in stored.items()}


def calendar_of(version: CalendarVersion) -> WorkCalendar:
    """The pure value of a stored version (one statement)."""
    return WorkCalendar(
        tuple(y.as_days() for y in version.years.order_by("year")),
        version=version.number,
        region=version.region,
    )
