"""What an act tells the applicant: act → title and sentence, in plain Chinese (pure).

The titles leave the platform as text messages, so they name neither person nor matter; the body is read after sign-in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Told:
    """A message: its title, its body, and the sentence for channels outside."""

    title: str
    body: str
    text: str


_WORDS: dict[str, tuple[str, str]] = {
    "release": ("前一项已办结，开始办理", "“{item}”现在开始办理。{due}前答复您是否受理。"),
    "submit": ("申请已收到", "{organisation}已收到您申请的“{item}”。{due}前答复您是否受理。"),
    "request_correction": (
        "申请材料需要补正",
        "您申请的“{item}”还缺材料，已经一次全部列出，请在{until}前补齐。打开办件就能看到缺什么、怎么补。",
    ),
    "correct": ("补正材料已收到", "您为“{item}”补交的材料已经收到。{due}前答复您是否受理。"),
    "accept": ("申请已受理", "您申请的“{item}”已经受理。{due}前给您结果。"),
    "refuse_acceptance": (
        "申请不予受理",
        "您申请的“{item}”不予受理。通知书里写明了理由、依据，以及怎样做就能受理。",
    ),
    "suspend": ("办理时间暂停计算", "您申请的“{item}”进入{procedure}，这段时间依法不计入办理期限。"),
    "resume": ("恢复计算办理时间", "您申请的“{item}”恢复办理。{due}前给您结果。"),
    "extend": ("办理期限延长", "您申请的“{item}”经批准延长办理期限。{due}前给您结果，理由见通知书。"),
    "granted": ("申请已准予", "您申请的“{item}”已经准予。{due}前把结果交给您。"),
    "refused": (
        "申请不予许可",
        "您申请的“{item}”没有获得准予。决定书里写明了理由，以及怎样申请行政复议或者提起诉讼。",
    ),
    "deliver": ("结果已送达", "“{item}”的结果已经交给您（{way}），这件事办完了。"),
    "supply": ("后补材料已收到", "您为“{item}”后补的材料已经收到。"),
    "withdraw": ("申请已撤回", "您申请的“{item}”已经撤回。以后需要时可以重新申请。"),
    "revoke": ("决定被撤销", "您的“{item}”准予决定被撤销，理由、依据和救济途径见决定书。"),
    "terminate": ("办理终止", "您申请的“{item}”终止办理，理由和依据见通知书。"),
}
WAYS = {"window": "窗口领取", "courier": "邮寄送达", "electronic": "电子送达"}


def told(
    act: str, number: str, item: str, organisation: str, due_on: date | None, data: Mapping[str, Any]
) -> Told | None:
    """The message of an act; ``None`` for acts that are the office's own business (steps of review).

    Args:
        act: name in the table of acts.
        number: case number.
        item, organisation: public names.
        due_on: until when the office has to take its next decision, if known.
        data: what the act left in the trace.
    """
    if data.get("told_in"):  # one notice for all departments: the first case tells it
        return None
    words = _WORDS.get(data.get("outcome", act) if act == "decide" else act)
    if words is None:
        return None
    title, body = words
    until = data.get("until") or ""
    body = body.format(
        item=item,
        organisation=organisation,
        due=_day(due_on) if due_on else "规定期限届满",
        until=_day(date.fromisoformat(until)) if until else "通知书写明的日子",
        procedure=data.get("label") or "特别程序",
        way=WAYS.get(str(data.get("way", "")), "已交付"),
    )
    return Told(title, body, f"【一门】您的办件{number}：{title}。详情请登录政务服务大厅查看。")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
