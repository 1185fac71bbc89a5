"""How items are implemented (审批事项实施情况评估): visits, materials, days against promise, corrections, refusals.

Which standards to mend first: those whose faults meet the most people.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from yimen.foundation.calendar.api import YearNotAnnounced, current_calendar
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items import api as items


@dataclass(frozen=True, kw_only=True)
class ItemLine:
    """One item over a period.

    Args:
        received, decided: cases received, and decided.
        promised, used: promised working days, and used on average from acceptance to decision; ``None`` = none decided.
        corrected, refused, not_accepted: cases with a correction, refused, not accepted.
        trouble: people that met a fault: corrections, refusals to accept, extra visits, late decisions; the order of mending.
    """

    code: str
    name: str
    organisation: str
    visits: int
    materials: int
    received: int
    decided: int
    promised: int
    used: float | None
    corrected: int
    refused: int
    not_accepted: int
    late: int

    @property
    def correction_rate(self) -> float:
        return 100 * self.corrected / self.received if self.received else 0.0

    @property
    def refusal_rate(self) -> float:
        whole = self.decided + self.not_accepted
        return 100 * (self.refused + self.not_accepted) / whole if whole else 0.0

    @property
    def trouble(self) -> int:
        return self.corrected + self.not_accepted + self.late + self.visits * self.received

    @property
    def advice(self) -> list[str]:
        """What to look at first, in words."""
        found = []
        if self.correction_rate >= 20:
            found.append("补正多：材料说明或样表要写清楚")
        if self.visits:
            found.append(f"要跑{self.visits}次：看能不能网上办、邮寄")
        if self.used is not None and self.promised and self.used < self.promised / 2:
            found.append("承诺时限可以缩短")
        if self.late:
            found.append("有超过承诺期限的")
        if self.not_accepted and self.not_accepted * 10 >= self.received:
            found.append("不予受理多：受理条件要写明白")
        return found


def lines_of(rows: "QuerySet[cases.Case]", since: datetime, until: datetime) -> list[ItemLine]:
    """Every item with cases received in a period, the most trouble first. Three statements."""
    within = rows.filter(received_at__gte=since, received_at__lt=until).exclude(state="draft").order_by()
    counted = within.values(
        "item_id",
        "item__code",
        "item__name",
        "item__current_id",
        "organisation__name",
        "organisation__short_name",
    ).annotate(
        received=Count("pk"),
        decided=Count("pk", filter=Q(decided_at__isnull=False)),
        corrected=Count("pk", filter=Q(corrections__gt=0)),
        refused=Count("pk", filter=Q(outcome="refused")),
        not_accepted=Count("pk", filter=Q(state="not_accepted")),
    )
    used, late = _used(within), _late(within)
    lines = []
    for row in counted:
        if row["item__current_id"] is None:
            continue
        content = items.pinned(row["item__current_id"]).content
        days = used.get(row["item_id"])
        lines.append(
            ItemLine(
                code=row["item__code"], name=row["item__name"],
                organisation=row["organisation__short_name"] or row["organisation__name"],
                visits=content.visits, materials=len(content.materials), received=row["received"], decided=row["decided"],
                promised=content.promised_limit.amount, used=days, corrected=row["corrected"], refused=row["refused"],
                not_accepted=row["not_accepted"], late=late.get(row["item_id"], 0),
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (-line.trouble, -line.received, line.code))


def _used(rows: "QuerySet[cases.Case]") -> dict[int, float]:
    """Working days from acceptance to decision on average, as differences of day counts."""
    decided = rows.filter(decided_at__isnull=False, accepted_at__isnull=False)
    totals: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for column, sign in (("accepted_at", -1), ("decided_at", 1)):
        grouped = decided.annotate(on=TruncDate(column, tzinfo=CHINA)).values_list("item_id", "on")
        for item_id, on, n in grouped.annotate(n=Count("pk")):
            totals[item_id][0] += sign * n * _before(on)
            totals[item_id][1] += n if sign > 0 else 0
    return {item_id: total / n for item_id, (total, n) in totals.items() if n}


def _before(day: date) -> int:
    calendar = current_calendar()
    try:
        return calendar.working_until(day.toordinal())
    except YearNotAnnounced:
        return day.toordinal() * 5 // 7


def _late(rows: "QuerySet[cases.Case]") -> dict[int, int]:
    missed = deadlines.Clock.objects.filter(subject_kind="case", kind="promised", state="missed")
    late = rows.filter(number__in=missed.values("subject_key"))
    return dict(late.values_list("item_id").annotate(n=Count("pk")))
