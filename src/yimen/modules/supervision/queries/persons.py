"""What the person whose case is late is told: that it is late, in whose hands, and what happens now."""

from datetime import datetime

from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.supervision.models import Card
from yimen.modules.supervision.states import CardState

S = CardState


def words_for(case: cases.Case, at: datetime) -> list[str]:
    """Sentences for the applicant about the cards over this case's broken terms; nothing while there are none.

    Only terms: what else supervision looks into is between it and the department until it is decided.
    """
    if not case.is_open:
        return []
    rows = Card.objects.filter(case=case, answerable=True, rule__detector="clock_overdue")
    rows = rows.exclude(state=S.WITHDRAWN).select_related("organisation", "rule").order_by("-id")
    card = rows.first()
    if card is None:
        return []
    where = f"{card.holder}{f'的“{card.step}”环节' if card.step else ''}"
    return [f"您的办件已经超过{_term(card)}，当时在{where}手里。", _now(card, at)]


def _term(card: Card) -> str:
    return "承诺的时间" if card.facts.get("clock") in ("promised", "step") else "规定的时间"


def _now(card: Card, at: datetime) -> str:
    day = card.due_at.astimezone(CHINA) if card.due_at else None
    until = f"{day.month}月{day.day}日前" if day and day >= at.astimezone(CHINA) else "尽快"
    who = card.organisation.name
    told = {
        S.ISSUED: f"督查部门已经发出监察牌，要求{who}{until}说明原因。",
        S.STATED: f"{who}已经说明原因，督查部门会在{until}作出认定。"
        if until != "尽快"
        else f"{who}已经说明原因，督查部门正在认定。",
        S.UPHELD: f"督查部门已经认定超期属实，计入{who}的评分。",
        S.APPEALED: f"督查部门认定超期属实，{who}提出申诉，正在复核。",
        S.FINAL: f"督查部门已经认定超期属实，计入{who}的评分。",
    }
    return (
        told.get(S(card.state), "督查部门已经注意到这件事。") + "超期不影响您的申请继续办理，您不用做什么。"
    )
