"""What administrators did, in the trace: each account and each role has its own chain."""

from datetime import datetime

from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor

ACCOUNT, ROLE, REPRESENTATION = "account", "role", "representation"
KINDS = {
    ACCOUNT: "账户",
    ROLE: "角色",
    REPRESENTATION: "委托",
    "organisation": "机构",
    "division": "区划",
    "param": "参数",
    "delivery": "后台作业",
    "sending": "消息",
}
ACTS = {
    "create_account": "新建账户",
    "sign_up": "实名注册",
    "lock_account": "停用账户",
    "unlock_account": "恢复账户",
    "reset_password": "重设密码",
    "sign_in": "登录",
    "sign_out": "退出登录",
    "locked_out": "登录失败过多，锁定",
    "change_password": "修改本人密码",
    "add_second_factor": "启用第二重验证",
    "remove_second_factor": "停用第二重验证",
    "reset_second_factor": "重置第二重验证",
    "read_much": "查看个人信息过多",
    "assign_post": "安排岗位",
    "end_post": "结束任职",
    "grant_role": "授予角色",
    "revoke_role": "撤销角色",
    "change_role": "修改角色",
    "delete_role": "删除角色",
    "release_lockout": "解除登录锁定",
    "create_client": "登记接入系统",
    "grant_representation": "登记委托",
    "revoke_representation": "撤销委托",
    "create_organisation": "新建机构",
    "rename_organisation": "机构更名",
    "dissolve_organisation": "撤销机构",
    "replace_division": "区划变更",
    "set_param": "修改参数",
    "retry_delivery": "重试后台作业",
    "retry_sending": "重发消息",
}


def record(
    kind: str, key: str, act: str, *, actor: Actor, at: datetime, note: str = "", clause: str = ""
) -> None:
    """Append one act to the chain of an account or a role, in the transaction of the act."""
    trace.append(kind, key, act, actor, at, note=note[:500], clause=clause)
