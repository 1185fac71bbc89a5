"""What a report says: the same figures as the dashboards, as sentences, beside the period before."""

from collections.abc import Sequence
from dataclasses import dataclass

from yimen.modules.insight.rules.periods import Period
from yimen.modules.insight.rules.ratios import Line

KINDS = {"week": "周报", "year": "年报"}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures a report is written from.

    Args:
        whole, before: totals of the period and of the one before.
        places: lines of the level below, most received first.
        in_hand: cases not ended at the end of the period.
        busiest: (centre or weekday, hour, average receipts) of the busiest hour; ``None`` without receipts.
    """

    kind: str
    place: str
    period: Period
    earlier: Period
    whole: Line
    before: Line
    places: Sequence[Line]
    heading: str
    in_hand: int
    busiest: tuple[str, int, float] | None = None

    @property
    def title(self) -> str:
        return f"{self.place}政务服务运行{KINDS[self.kind]}"

    @property
    def last(self) -> str:
        return "上周" if self.kind == "week" else "上年"


def sections(f: Figures) -> list[tuple[str, list[str]]]:
    """Headed sentences of a report."""
    if not any((f.whole.received, f.whole.decided, f.whole.ended)):
        return [("一、办件", [f"{f.period.label}没有收件，也没有作出决定。期末未办结{f.in_hand:,}件。"])]
    return [
        ("一、办件", _cases(f)),
        ("二、时限", _time(f)),
        ("三、跑动和材料", _effort(f)),
        ("四、忙闲", _pressure(f)),
    ]


def compared(one: float, other: float, last: str) -> str:
    """比上周多5件（增加4.3%） in words; nothing to compare with is said."""
    if not other:
        return f"{last}没有" if one else f"与{last}一样没有"
    if one == other:
        return f"与{last}持平"
    word = "多" if one > other else "少"
    turn = "增加" if one > other else "减少"
    return f"比{last}{word}{abs(one - other):,.0f}件（{turn}{100 * abs(one - other) / other:.1f}%）"


def _cases(f: Figures) -> list[str]:
    w, b = f.whole, f.before
    said = [
        f"共收件{w.received:,}件，{compared(w.received, b.received, f.last)}；受理{w.accepted:,}件，"
        f"作出决定{w.decided:,}件，{compared(w.decided, b.decided, f.last)}，其中准予{w.n('granted'):,}件、"
        f"不予{w.n('refused'):,}件；送达{w.n('delivered'):,}件。",
        f"不予受理{w.n('not_accepted'):,}件，撤回{w.n('withdrawn'):,}件，终止{w.n('terminated'):,}件，"
        f"撤销{w.n('revoked'):,}件。期末未办结{f.in_hand:,}件。",
    ]
    leading = [p for p in f.places if p.received][:3]
    if len(leading) > 1:
        said.append("收件最多的是" + "、".join(f"{p.label}（{p.received:,}件）" for p in leading) + "。")
    return said


def _time(f: Figures) -> list[str]:
    w, b = f.whole, f.before
    if w.on_time is None:
        return ["没有按承诺期限计时的决定。"]
    said = [
        f"承诺期限内作出决定{w.n('promised_met'):,}件，按时率{w.on_time:.1f}%"
        + (f"，{f.last}{b.on_time:.1f}%" if b.on_time is not None else "")
        + f"；超过承诺期限{w.late:,}件，超过法定期限{w.beyond_law:,}件。"
    ]
    if w.used is not None and w.promised is not None:
        gap = w.promised - w.used
        said.append(
            f"以工作日计时的{w.n('timed'):,}件平均用{w.used:.1f}个工作日，"
            + f"比平均承诺的{w.promised:.1f}个工作日{'快' if gap >= 0 else '慢'}{abs(gap):.1f}个。"
        )
    late = sorted((p for p in f.places if p.late), key=lambda p: -p.late)[:3]
    if late:
        said.append("超过承诺期限的：" + "、".join(f"{p.label}{p.late:,}件" for p in late) + "。")
    return said


def _effort(f: Figures) -> list[str]:
    w, b = f.whole, f.before
    said = []
    if w.online is not None and w.visits is not None:
        said.append(
            f"不到窗口提交的占{w.online:.1f}%"
            + (f"，{f.last}{b.online:.1f}%" if b.online is not None else "")
            + f"；按办事指南，平均每件需到现场{w.visits:.2f}次。"
        )
    if w.spared_share is not None:
        said.append(
            f"要求的材料{w.n('asked'):,}份，免交{w.spared:,}份，占{w.spared_share:.1f}%：电子证照{w.n('spared_licence'):,}份，"
            f"数据共享{w.n('spared_shared'):,}份，告知承诺{w.n('spared_promise'):,}份，前一事项的结果{w.n('spared_result'):,}份。"
            f"容缺受理{w.n('tolerated'):,}份。"
        )
    said.append(f"要求补正{w.n('corrections'):,}次。")
    return said


def _pressure(f: Figures) -> list[str]:
    if f.busiest is None:
        return ["没有收件。"]
    who, hour, n = f.busiest
    return [f"最忙的是{who}{hour}时至{hour + 1}时，平均每小时收件{n:.1f}件。"]
