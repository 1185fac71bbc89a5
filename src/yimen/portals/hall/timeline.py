"""What happened to a case, in a neighbour's words."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yimen.foundation.trace import api as trace
from yimen.modules.cases import api as cases

TITLES = {
    "submit": "提交了申请",
    "request_correction": "告诉您要补正什么",
    "correct": "交了补正",
    "accept": "受理了",
    "refuse_acceptance": "不予受理",
    "pass_step": "审查通过一个环节",
    "return_step": "退回上一个环节再审",
    "suspend": "开始特别程序，暂停计时",
    "resume": "特别程序结束，继续计时",
    "extend": "延长了办理期限",
    "supply": "补交了材料",
    "deliver": "结果已送达",
    "check_promise": "核查了您的承诺",
    "withdraw": "撤回了申请",
    "terminate": "终止办理",
}
TONES = {
    "request_correction": "soon", "refuse_acceptance": "late", "terminate": "late", "suspend": "soon",
    "deliver": "done", "accept": "done", "submit": "done",
}  # fmt: skip
OWN = "您"
INTERNAL = {"pass_step", "return_step"}
"""Their notes are opinions between reviewers; the applicant reads the decision and its reasons."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One entry of the timeline."""

    at: datetime
    title: str
    who: str
    note: str
    clause: str
    tone: str


def timeline_of(case: cases.Case, events: Iterable[trace.Event], viewer: int | None) -> list[Happening]:
    """Newest first.

    Args:
        events: the case's own chain.
        viewer: the account that reads, called 您.
    """
    steps = {step.code: step.name for step in case.published.content.steps}
    told = []
    for event in events:
        data = json.loads(event.data) if event.data else {}
        mine = viewer is not None and event.actor_id == viewer
        told.append(
            Happening(
                at=event.at,
                title=(OWN if mine else "") + _title(event.act, data, steps),
                who="" if mine else _who(event, case),
                note="" if event.act in INTERNAL or event.act == "submit" else event.note,
                clause="" if mine else event.clause,
                tone=_tone(event.act, data),
            )
        )
    return told[::-1]


def _title(act: str, data: dict[str, object], steps: dict[str, str]) -> str:
    if act == "decide":
        return "批准了" if data.get("outcome") == "granted" else "决定不予批准"
    if act == "pass_step" and (name := steps.get(str(data.get("step")))):
        return f"{name}：已通过" if data.get("passed", True) else f"{name}：一位审查人员已提出意见"
    return TITLES.get(act, "办理记录")


def _tone(act: str, data: dict[str, object]) -> str:
    if act == "decide":
        return "done" if data.get("outcome") == "granted" else "late"
    return TONES.get(act, "info")


def _who(event: trace.Event, case: cases.Case) -> str:
    if event.channel == "system" and event.actor_id is None:
        return "一门平台自动办理"
    if event.act in ("submit", "correct", "withdraw", "supply"):
        return "窗口代收" if event.channel == "window" else "代办人或申请人"
    return f"{case.published.organisation_name} {event.actor_name}"
