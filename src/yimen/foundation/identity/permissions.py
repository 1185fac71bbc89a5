"""Grants of identity, and those of the folders below it, which cannot know the register."""

from yimen.foundation.calendar import permissions as calendar
from yimen.foundation.identity.grants import Family, declare_grants
from yimen.foundation.orgs.permissions import ORGANISATION_MANAGE
from yimen.foundation.params.permissions import PARAM_MANAGE

ACCOUNT_MANAGE = "console:account:manage"
CLIENT_MANAGE = "console:client:manage"
ROLE_MANAGE = "console:role:manage"
DELEGATION_MANAGE = "console:delegation:manage"
LOCKOUT_MANAGE = "console:lockout:manage"
AUDIT_READ = "console:audit:read"
REPRESENTATION_REGISTER = "desk:representation:register"

declare_grants(
    {
        ACCOUNT_MANAGE: "管理账户：新建、停用、任职",
        CLIENT_MANAGE: "管理接入系统",
        ORGANISATION_MANAGE: "管理机构、中心、岗位",
        PARAM_MANAGE: "修改参数",
    },
    Family.SYSTEM,
)
declare_grants(
    {
        ROLE_MANAGE: "管理角色和权限",
        DELEGATION_MANAGE: "任命和撤销授权",
        LOCKOUT_MANAGE: "解除登录锁定",
    },
    Family.SECURITY,
)
declare_grants({AUDIT_READ: "查看审计记录"}, Family.AUDIT)
declare_grants(calendar.GRANTS)
declare_grants({REPRESENTATION_REGISTER: "窗口登记代办委托"})
