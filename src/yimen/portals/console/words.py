"""The console's words for channels, acts and kinds of subject."""

from yimen.foundation.identity import api as identity
from yimen.modules.cases import api as cases
from yimen.modules.registration import api as registration

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
    "market_entity": "市场主体",
    "account": "账户",
    "role": "角色",
    "representation": "委托",
    "organisation": "机构",
    "division": "区划",
    "centre": "中心",
    "param": "参数",
    "calendar": "工作日历",
    "file": "文件",
    "delivery": "后台作业",
    "sending": "消息",
    "card": "监察牌",
    "supervision_rule": "监察规则",
    "score_round": "评分",
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
    "delivery",
    "sending",
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
    **registration.REGISTRAR_ACTS,
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
    "cases.tally_closed": "已办结的办件计入总数",
    "cases.tell_together": "一件事：缺的材料汇总一次告知",
    "console.note_much_reading": "查看个人信息过多的，提示审计人员",
    "deadlines.recount_stragglers": "按新日历重算漏下的期限",
    "files.forget_left_over": "清理没有用上的文件",
    "files.sweep_incoming": "清理没有传完的文件",
    "forms.purge_drafts": "清理过期的表单草稿",
    "items.activate_due": "到日子的事项标准生效",
    "notices.send": "发送消息",
    "openapi.forget_answers": "清理接口的重复请求记录",
    "clock": "系统时钟",
    "notices.bring_forward": "时钟拨慢后，收回排到将来的消息",
    "outbox.bring_forward": "时钟拨慢后，收回排到将来的作业",
    "outbox.recover_tasks": "收回中断的后台任务",
    "outbox.sweep_done": "清理已完成的作业记录",
    "registration.end_lapsed_notices": "简易注销公告期满未申请的，公告失效",
    "supervision.resume_trials": "接着跑中断的规则试跑",
    "supervision.sweep_clocks": "监察：将到期和超期的发牌、提醒消除、申诉期满生效",
    "supervision.sweep_events": "监察：新的办理记录对照规则",
    "supervision.sweep_sets": "监察：重收、拆分、月末突击",
    "trace.seal": "封存新的留痕",
}
HANDLERS = {
    "receipt_after_hand_in": "收件以后出收件凭证",
    "papers_after_act": "办理以后出文书",
    "tell_applicant": "办理以后告诉申请人",
    "figures_after_hand_in": "收件以后计入统计",
    "figures_after_act": "办理以后计入统计",
    "figures_after_recount_of_clocks": "期限重算以后更新统计",
}


def handler_word(name: str) -> str:
    """What an outbox handler does, by the last part of its name."""
    return HANDLERS.get(name.rpartition(".")[2], name.rpartition(".")[2])
