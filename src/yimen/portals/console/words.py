"""The console's words for channels, acts and kinds of subject."""

from yimen.foundation.identity import api as identity
from yimen.modules.cases import api as cases

CHANNELS = {
    "window": "窗口",
    "online": "网上",
    "mobile": "手机",
    "kiosk": "自助机",
    "courier": "邮寄",
    "api": "接口",
    "system": "平台",
}
SUBJECTS = {
    "case": "办件",
    "item": "事项",
    "account": "账户",
    "role": "角色",
    "representation": "委托",
    "organisation": "机构",
    "division": "区划",
    "centre": "中心",
    "param": "参数",
    "calendar": "工作日历",
    "file": "文件",
}
ADMIN_SUBJECTS = (
    "account",
    "role",
    "representation",
    "organisation",
    "division",
    "centre",
    "param",
    "calendar",
)
READING = "reading:"
_ACTS = {
    "read": "查看",
    "create_item": "新建事项",
    "submit_standard": "标准送审",
    "approve_standard": "标准审核通过",
    "return_standard": "标准退回修改",
    "publish_standard": "标准发布",
    "ask_opinion": "征求意见",
    "give_opinion": "答复意见",
    "count_silence": "逾期视为同意",
    "deem_accepted": "逾期视为受理",
    **identity.ADMINISTRATIVE_ACTS,
}


def act_word(name: str) -> str:
    """What people read for an act; a name nobody translated shows itself."""
    step = cases.MACHINE.steps.get(name)
    return step.label if step else _ACTS.get(name, name)


def channel_word(code: str) -> str:
    return CHANNELS.get(code, code)


def subject_word(kind: str) -> str:
    return SUBJECTS.get(kind.removeprefix(READING), kind)


DUTIES = {
    "cases.count_silence": "征求意见到期未答的，视为同意",
    "cases.deem_accepted": "五日未告知的，视为受理",
    "deadlines.recount_stragglers": "按新日历重算漏下的期限",
    "forms.purge_drafts": "清理过期的表单草稿",
    "items.activate_due": "到日子的事项标准生效",
    "notices.send": "发送消息",
    "openapi.forget_answers": "清理接口的重复请求记录",
    "outbox.recover_tasks": "收回中断的后台任务",
    "outbox.sweep_done": "清理已完成的作业记录",
    "trace.seal": "封存新的留痕",
}
HANDLERS = {
    "receipt_after_hand_in": "收件以后出收件凭证",
    "papers_after_act": "办理以后出文书",
    "tell_applicant": "办理以后告诉申请人",
}


def handler_word(name: str) -> str:
    """What an outbox handler does, by the last part of its name."""
    return HANDLERS.get(name.rpartition(".")[2], name.rpartition(".")[2])
