"""Where a case is and until when, in one plain sentence (pure over the case and its clocks)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines

S = cases.CaseState
APPLICANTS_TURN = "applicant"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One line about a case.

    Args:
        text: the sentence.
        tone: info, soon, done, late or calm.
        due_on: the day it names, if any.
        late: the authority missed it.
        turn: whose move it is: ``authority``, ``applicant`` or "" when it is over.
    """

    text: str
    tone: str = "info"
    due_on: date | None = None
    late: bool = False
    turn: str = "authority"


def day_words(on: date, today: date) -> str:
    """3月17日; with the year when it is another one; 今天 and 明天 where they are meant."""
    if on == today:
        return "今天"
    year = f"{on.year}年" if on.year != today.year else ""
    return f"{year}{on.month}月{on.day}日"


def standing_of(case: cases.Case, clocks: Iterable[deadlines.Clock], at: datetime) -> Standing:
    """The line for a case.

    Args:
        case: with its organisation loaded.
        clocks: the case's own clocks; without them the case's own due moment is used.
        at: now.
    """
    today = at.astimezone(CHINA).date()
    open_clocks = {c.kind: c for c in clocks if c.is_open}
    due = case.due_at.astimezone(CHINA).date() if case.due_at else None
    who = case.published.organisation_name
    state = S(case.state)
    if state in _OVER:
        return _over(case, state)
    if state is S.WAITING:
        return _waiting(case)
    if state is S.CORRECTION_REQUESTED:
        return _correcting(open_clocks.get("correction"), today)
    if state is S.SUSPENDED:
        return _suspended(open_clocks.get("procedure"), who, today)
    if state in (S.GRANTED, S.REFUSED):
        return _decided(case, state, due, today)
    late = case.due_at is not None and case.due_at < at
    return _in_hand(case, state, who, due, today, late=late)


def _in_hand(case: cases.Case, state: S, who: str, due: date | None, today: date, *, late: bool) -> Standing:
    doing = "正在看您交的材料" if state is S.SUBMITTED else "正在审查"
    if due is None:
        return Standing(text=f"{who}{doing}")
    when = day_words(due, today)
    if late:
        owed = f"应当在{when}前告诉您受不受理" if state is S.SUBMITTED else f"承诺{when}前给您结果"
        text = f"{who}{doing}；{owed}，已经超过了，您可以催问或者投诉"
        return Standing(text=text, tone="late", due_on=due, late=True)
    if state is S.SUBMITTED:
        return Standing(text=f"{who}{doing}，{when}前告诉您受不受理", due_on=due)
    return Standing(text=f"在{who}审查，{when}前给您结果", due_on=due)


def _waiting(case: cases.Case) -> Standing:
    names = "、".join(f"“{link.earlier.published.content.name}”" for link in case.waits_for.all())
    return Standing(text=f"等{names}办好就接着办，结果直接用作材料，您不用做什么", tone="calm")


def _correcting(clock: deadlines.Clock | None, today: date) -> Standing:
    due = clock.due_on if clock else None
    until = f"，请在{day_words(due, today)}前交回" if due else "，请尽快交回"
    return Standing(text=f"等您补正材料{until}", tone="soon", due_on=due, turn=APPLICANTS_TURN)


def _suspended(clock: deadlines.Clock | None, who: str, today: date) -> Standing:
    why = clock.holder if clock and clock.holder else "特别程序"
    until = f"，预计{day_words(clock.due_on, today)}前结束" if clock and clock.due_on else ""
    return Standing(
        text=f"{who}正在进行“{why}”{until}，这段时间依法不计入办理时限",
        tone="calm",
        due_on=clock.due_on if clock else None,
    )


def _decided(case: cases.Case, state: S, due: date | None, today: date) -> Standing:
    verb = "批准了" if state is S.GRANTED else "没有批准，决定书已经作出"
    way = case.application.delivery_way
    how = {
        "window": "请到窗口领取结果", "courier": "结果会寄给您", "electronic": "结果可以在下面下载",
    }.get(way, "结果会送达给您")  # fmt: skip
    until = f"（{day_words(due, today)}前送达）" if due else ""
    tone = "done" if state is S.GRANTED else "late"
    turn = APPLICANTS_TURN if way == "window" else "authority"
    return Standing(text=f"{verb}，{how}{until}", tone=tone, due_on=due, turn=turn)


_OVER = {S.DRAFT, S.DELIVERED, S.NOT_ACCEPTED, S.WITHDRAWN, S.TERMINATED, S.REVOKED}


def _over(case: cases.Case, state: S) -> Standing:
    if state is S.DELIVERED:
        granted = case.outcome != "refused"
        text = "已经办结，结果已送达" if granted else "没有批准，决定书已送达"
        return Standing(text=text, tone="done" if granted else "late", turn="")
    text, tone = {
        S.DRAFT: ("还没有提交", "calm"),
        S.NOT_ACCEPTED: ("不予受理，原因和怎样就能办见下面的通知书", "late"),
        S.WITHDRAWN: ("您已经撤回", "calm"),
        S.TERMINATED: ("已终止办理，原因见下面的告知书", "calm"),
        S.REVOKED: ("准予的决定已被撤销，原因见下面的决定书", "late"),
    }[state]
    return Standing(text=text, tone=tone, turn="")
