"""Whatever a ledger holds: every day stands on the chart once, its sums equal the ledger's, and the picture holds them all."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yimen.modules.deadlines.api import LedgerDay
from yimen.modules.projects.drawing import draw
from yimen.modules.projects.gantt import CLASSES, Chart, Pause, Row, days_of

FIRST = date(2026, 3, 2)
HOLDERS = ("申请人", "规划局", "住建局", "专家评审")
numbers = st.integers(0, 40)


@st.composite
def rows(draw_one: st.DrawFn) -> Row:
    since = FIRST + timedelta(days=draw_one(numbers))
    told = draw_one(st.lists(st.tuples(st.booleans(), st.sampled_from(HOLDERS)), max_size=40))
    ledger = [
        LedgerDay(
            date=since + timedelta(days=n), counted=counted, holder=holder, why="", clause="", amount=1.0,
            shares=((holder, 86_400),),
        )
        for n, (counted, holder) in enumerate(told)
    ]  # fmt: skip
    begin = FIRST + timedelta(days=draw_one(numbers))
    spans = [
        Pause(
            since=begin,
            until=draw_one(st.sampled_from([None, begin + timedelta(days=5)])),
            reason="听证",
            document="1号",
        )
    ]
    received = draw_one(st.sampled_from([None, since, since + timedelta(days=4)]))
    days = days_of(ledger, spans, received, spans if draw_one(st.booleans()) else ())
    assert [(day.date, day.counted, day.holder) for day in days] == [
        (d.date, d.counted, d.holder) for d in ledger
    ]
    decided = draw_one(st.sampled_from([None, since + timedelta(days=10)]))
    return Row(
        stage=draw_one(st.sampled_from(["site", "project", "completion"])), item="x", name="事项", organisation="局", days=days,
        decided_on=decided, planned_from=since, planned_to=draw_one(st.sampled_from([None, since + timedelta(days=9)])),
    )  # fmt: skip


@given(st.lists(rows(), max_size=6), st.integers(1, 120))
def test_sums_equal_the_ledgers_and_the_picture_holds_every_day(drawn: list[Row], target: int) -> None:
    for row in drawn:
        assert set(row.sums) == set(CLASSES)
        assert sum(row.sums.values()) == sum(row.holders.values()) == len(row.days)
        assert sum(stretch.days for stretch in row.stretches) == len(row.days)
        assert row.counted == sum(day.counted for day in row.days)
        assert len(row.approval_days) <= row.sums["counted"]
    chart = Chart(rows=tuple(drawn), target=target, today=FIRST)
    assert max([len(row.approval_days) for row in drawn], default=0) <= chart.used <= chart.one_by_one
    assert chart.left == target - chart.used
    assert sum(chart.holders.values()) == sum(len(row.days) for row in drawn)
    picture = draw(chart)
    assert len(picture.bars) == len(drawn)
    for bar in picture.bars:
        for part in (*bar.parts, *([bar.planned] if bar.planned else [])):
            assert 0 <= part.x <= 100
            assert part.x + part.width <= 100.01
            assert part.width > 0
        assert bar.plan_y < picture.height
