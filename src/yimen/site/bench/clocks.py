"""Very many open clocks: copies of rows that the service itself made."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Mod

from yimen.kernel.clock import CHINA
from yimen.modules.deadlines.models import Clock

ANALYSE = {"sqlite": "ANALYZE", "postgresql": "ANALYZE deadlines_clock"}
SPREAD = 20
FIRST_AFTER = timedelta(days=20)


def copy_until(count: int, where: str = "TRUE") -> None:
    """Copy clocks until the table has so many that fit.

    Args:
        where: which may be copied, as SQL; it must fit the copies as well.
    """
    names = [str(f.column) for f in Clock._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(map(connection.ops.quote_name, names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM deadlines_clock WHERE {where}")
        [made] = cursor.fetchone()
        if not made:
            raise SystemExit("there is no clock to copy: ask for more --cases")
        while made < count:
            more = min(made, count - made)
            cursor.execute(
                f"INSERT INTO deadlines_clock ({columns}) SELECT {columns} FROM deadlines_clock WHERE {where}"
                " ORDER BY id LIMIT %s",
                [more],
            )
            made += more
        cursor.execute(ANALYSE[connection.vendor])


def open_many(count: int, at: datetime) -> None:
    """Have so many clocks run: copies of those that run, due on days that are not near yet."""
    last = Clock.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    copy_until(count, "state = 'running' AND due_at IS NOT NULL")
    copies = Clock.objects.filter(pk__gt=last).annotate(turn=Mod(F("pk"), Value(SPREAD)))
    for turn in range(SPREAD):
        due = at.astimezone(CHINA) + FIRST_AFTER + timedelta(days=turn)
        copies.filter(turn=turn).update(due_at=due, due_on=due.date())
    with connection.cursor() as cursor:
        cursor.execute(ANALYSE[connection.vendor])
