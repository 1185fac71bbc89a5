"""The grants that this module asks for."""

from yimen.foundation.identity.api import declare_grants

CREATE = "desk:application:create"
READ = "desk:case:read"
READ_ALL = "console:case:read"
OPINE = "desk:opinion:give"
READ_PERSON = "desk:person:read"

declare_grants(
    {
        CREATE: "在窗口收件（为申请人提交申请）",
        "desk:case:receive": "在窗口代收补正、补交材料",
        "desk:case:correct": "一次性告知补正",
        "desk:case:accept": "受理、不予受理",
        "desk:case:review": "审查",
        "desk:case:decide": "作出决定",
        "desk:case:decide_instant": "在窗口当场决定即办件（部门授权）",
        "desk:case:suspend": "启动和结束特别程序",
        "desk:case:extend": "批准延长期限",
        "desk:case:deliver": "送达、发证",
        "desk:case:terminate": "终止办理",
        READ: "查看本部门、本中心的办件",
        READ_ALL: "查看辖区内的办件（监督）",
        OPINE: "答复征求意见",
        READ_PERSON: "查看申请人未遮盖的个人信息（留痕）",
    }
)
