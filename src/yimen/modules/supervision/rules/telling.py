"""What was seen, in one plain sentence (pure)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from yimen.modules.supervision.rules.facts import CLOCK_WORDS, DETECTORS, ENDINGS, FAULTS, GROUNDS


def sentence_of(detector: str, facts: Mapping[str, Any], due_on: date | None = None) -> str:
    """One sentence for card, list and paper."""
    tell = _TELL.get(detector)
    if tell is not None:
        return tell(facts, due_on)
    return DETECTORS[detector].label if detector in DETECTORS else detector


def facts_told(detector: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of every fact, as a card shows what its rule judged by."""
    known = DETECTORS.get(detector)
    labels = {f.name: f.label for f in known.all_facts} if known else {}
    return [(labels.get(name, name), _shown(name, value)) for name, value in facts.items()]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    words = {"clock": CLOCK_WORDS, "ground": GROUNDS, "fault": FAULTS, "ended_as": ENDINGS}.get(name, {})
    return words.get(str(value), f"{value:g}" if isinstance(value, float) else str(value))


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _near(facts: Mapping[str, Any], due_on: date | None) -> str:
    word, left = CLOCK_WORDS.get(str(facts.get("clock")), "期限"), facts.get("left", 0)
    return f"{word}{_day(due_on)}届满，" + ("今天到期。" if left == 0 else f"还剩{left}天。")


def _overdue(facts: Mapping[str, Any], due_on: date | None) -> str:
    word = CLOCK_WORDS.get(str(facts.get("clock")), "期限")
    return f"{word}应当在{_day(due_on)}前完成，到期没有完成。"


def _refusal(facts: Mapping[str, Any], due_on: date | None) -> str:
    lacks = [
        word
        for name, word in (
            ("clause_given", "依据条款"),
            ("remedy_told", "救济途径"),
            ("would_pass_told", "怎样才能通过"),
        )
        if facts.get(name) is False
    ]
    what = "不予受理" if facts.get("refused") == "acceptance" else "不予许可"
    return (
        f"{what}的决定没有写明{'、'.join(lacks)}。"
        if lacks
        else f"{what}的理由只有{facts.get('reason_length')}个字。"
    )


_TELL: dict[str, Callable[[Mapping[str, Any], date | None], str]] = {
    "clock_near": _near,
    "clock_overdue": _overdue,
    "refusal": _refusal,
    "not_accepting": lambda f, d: (
        f"必交材料缺{f.get('missing', '几')}项，以“{GROUNDS.get(str(f.get('ground')), '')}”不予受理。"
    ),
    "telling": lambda f, d: f"第{f.get('notices')}次告知补正，其中{f.get('new_things')}项以前没有告知过。",
    "material_asked": lambda f, d: f"要求补正的材料有{f.get('outside')}项不在办事指南里。",
    "fee": lambda f, d: f"收取{f.get('amount', 0):g}元，标准是{f.get('standard', 0):g}元。",
    "suspension": lambda f, d: (
        "启动特别程序没有文书编号。"
        if f.get("document_given") is False
        else f"特别程序比告知的时间长了{f.get('overran')}天。"
    ),
    "order": lambda f, d: f"{FAULTS.get(str(f.get('fault')), '办理顺序不对')}。",
    "registration": lambda f, d: f"办理动作比收件登记早{f.get('before_minutes')}分钟。",
    "retaking": lambda f, d: (
        f"上一件{ENDINGS.get(str(f.get('ended_as')), '结束')}后{f.get('days_between')}天又收同一申请，期限从头计算。"
    ),
    "split": lambda f, d: f"同一申请人同一事项当天收了{f.get('same_day')}份。",
    "lost_clock": lambda f, d: (
        f"{CLOCK_WORDS.get(str(f.get('clock')), '期限')}应当起算{f.get('days')}天了，没有计时的记录。"
    ),
    "burst": lambda f, d: f"月末三个工作日办结{f.get('count')}件，是平均水平的{f.get('ratio')}倍。",
}
