"""Clocks, and the trace of recounts that moved them."""

from datetime import date, datetime
from typing import Any

from django.db import models

from yimen.modules.deadlines.rules import Exclusion, Extension, FirstDay, Limit, Unit
from yimen.modules.deadlines.states import OPEN, ClockState, label_of


class Clock(models.Model):
    """One promise of time on any subject.

    ``due_at`` is the last moment in time. It is null in two honest cases: while the clock is paused (nobody can know
    when the pause ends, so there is no due day to be late for), and while it runs into a year whose working days are not
    announced (``awaits_year``); both are filled in by resuming and by publishing the year.
    """

    subject_kind = models.CharField("对象类别", max_length=32)
    subject_key = models.CharField("对象编号", max_length=64)
    kind = models.CharField("时限种类", max_length=32)
    amount = models.PositiveIntegerField("时限")
    unit = models.CharField("单位", max_length=16, choices=[(u.value, u.label) for u in Unit])
    first_day = models.CharField("起算方式", max_length=4, default="next")
    roll = models.BooleanField("末日顺延", default=False)
    started_at = models.DateTimeField("起算时间")
    due_on = models.DateField("届满日", null=True)
    due_at = models.DateTimeField("届满时间", null=True)
    awaits_year = models.PositiveSmallIntegerField("等待公布的年份", null=True)
    state = models.CharField(
        "状态", max_length=12, choices=[(s.value, s.label) for s in ClockState], default=ClockState.RUNNING
    )
    stopped_at = models.DateTimeField("停止时间", null=True)
    holder = models.CharField("计时对象", max_length=80, blank=True)
    organisation_id = models.BigIntegerField("部门", null=True)
    division = models.CharField("区划代码", max_length=12, blank=True)
    clause = models.CharField("依据", max_length=200, blank=True)
    exclusions = models.JSONField("不计入的时间", default=list)
    extensions = models.JSONField("延长", default=list)
    region = models.CharField("日历地区", max_length=16, default="CN")
    calendar_version = models.PositiveIntegerField("日历版本", default=0)

    class Meta:
        verbose_name = "时限"
        indexes = [
            models.Index(fields=["state", "due_at"], name="clock_due"),
            models.Index(fields=["subject_kind", "subject_key"], name="clock_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_key} {self.kind_label}"

    @property
    def kind_label(self) -> str:
        return label_of(self.kind)

    @property
    def state_label(self) -> str:
        return ClockState(self.state).label

    @property
    def limit_label(self) -> str:
        return f"{self.amount}{Unit(self.unit).label}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_paused(self) -> bool:
        return self.state == ClockState.PAUSED

    def is_overdue(self, at: datetime) -> bool:
        """Late now, or stopped late."""
        if self.state == ClockState.RUNNING:
            return self.due_at is not None and self.due_at < at
        return self.state == ClockState.MISSED

    @property
    def open_exclusion(self) -> dict[str, Any] | None:
        """The pause that has not ended yet."""
        return next((e for e in self.exclusions if e.get("to") is None), None)

    def as_limit(self, until: date | None = None) -> Limit:
        """The pure value of this clock; an open pause ends ``until`` (left out when that is not given)."""
        return limit_of(
            started_at=self.started_at,
            amount=self.amount,
            unit=self.unit,
            first_day=self.first_day,
            exclusions=self.exclusions,
            extensions=self.extensions,
            roll=self.roll,
            until=until,
        )


def limit_of(
    *,
    started_at: datetime,
    amount: int,
    unit: str,
    first_day: str,
    exclusions: list[dict[str, Any]],
    extensions: list[dict[str, Any]],
    roll: bool,
    until: date | None = None,
) -> Limit:
    """The pure value of stored columns (also for rows read without a model)."""
    first: FirstDay = "same" if first_day == "same" else "next"
    return Limit(
        start=started_at,
        amount=amount,
        unit=Unit(unit),
        first_day=first,
        exclusions=[_exclusion(e, until) for e in exclusions if e.get("to") is not None or until is not None],
        extensions=[_extension(e) for e in extensions],
        roll=roll,
    )


def _exclusion(stored: dict[str, Any], until: date | None) -> Exclusion:
    end = read_moment(stored["to"]) if stored.get("to") is not None else until
    if end is None:
        raise ValueError("an open exclusion needs an end")
    return Exclusion(
        start=read_moment(stored["from"]),
        end=end,
        reason=stored.get("reason", ""),
        clause=stored.get("clause", ""),
        document=stored.get("document", ""),
        holder=stored.get("holder", ""),
    )


def _extension(stored: dict[str, Any]) -> Extension:
    return Extension(
        amount=stored["amount"],
        approver=stored.get("approver", ""),
        reason=stored.get("reason", ""),
        clause=stored.get("clause", ""),
    )


def read_moment(text: str) -> date:
    """A stored day (10 characters) or moment."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


class Recount(models.Model):
    """One recount of many open clocks: the trace of what moved, by what, on whose act."""

    at = models.DateTimeField("时间")
    by = models.CharField("操作人", max_length=80)
    why = models.CharField("原因", max_length=200)
    region = models.CharField("日历地区", max_length=16, default="CN")
    calendar_version = models.PositiveIntegerField("日历版本", default=0)
    moved = models.PositiveIntegerField("变动的时限数", default=0)

    class Meta:
        verbose_name = "期限重算"
        indexes = [models.Index(fields=["region", "calendar_version"], name="recount_version")]

    def __str__(self) -> str:
        return self.why


class Move(models.Model):
    """One clock that a recount moved."""

    recount = models.ForeignKey(
        Recount, on_delete=models.CASCADE, related_name="moves", db_index=False, verbose_name="重算"
    )
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="moves", verbose_name="时限")
    old_due_at = models.DateTimeField("原届满时间", null=True)
    new_due_at = models.DateTimeField("新届满时间", null=True)
    new_due_on = models.DateField("新届满日", null=True)
    new_awaits_year = models.PositiveSmallIntegerField("等待公布的年份", null=True)
    new_amount = models.PositiveIntegerField("新时限")
    new_unit = models.CharField("新单位", max_length=16)

    class Meta:
        verbose_name = "期限变动"
        # Also the path by which one statement finds each clock's move, among millions just written.
        constraints = [models.UniqueConstraint(fields=["recount", "clock"], name="move_once")]

    def __str__(self) -> str:
        return f"{self.old_due_at} → {self.new_due_at}"
