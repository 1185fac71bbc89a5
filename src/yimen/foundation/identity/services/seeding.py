"""The roles every installation begins with; data afterwards, kept by the security administrator.

Grants are given by name: their modules declare them. A resident needs none: acting on one's own rows is by ownership.
"""

from yimen.foundation.identity.models import Role

READ = ("desk:case:read",)
INTAKE = ("desk:application:create", "desk:case:receive", "desk:case:correct", "desk:person:read", *READ)

ROLES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("resident", "个人用户", "办理自己的事，不需要另外授权", ()),
    (
        "window_clerk",
        "窗口人员",
        "综合窗口收件、一次性告知、受理、送达",
        (
            *INTAKE,
            "desk:case:accept",
            "desk:case:decide_instant",
            "desk:case:deliver",
            "desk:representation:register",
        ),
    ),
    (
        "reviewer",
        "审查人员",
        "部门审查、提出意见、中止与特别程序",
        (
            *READ,
            "desk:case:accept",
            "desk:case:correct",
            "desk:case:review",
            "desk:case:suspend",
            "desk:case:deliver",
            "desk:opinion:give",
            "desk:card:read",
            "desk:card:state",
            "desk:person:read",
            "desk:project:read",
            "desk:project:join",
        ),
    ),
    (
        "department_head",
        "部门负责人",
        "决定、延长期限、终止",
        (
            *READ,
            "desk:case:accept",
            "desk:case:correct",
            "desk:case:review",
            "desk:case:decide",
            "desk:case:suspend",
            "desk:case:extend",
            "desk:case:terminate",
            "desk:opinion:give",
            "desk:card:read",
            "desk:card:state",
            "desk:person:read",
            "console:case:read",
            "console:figure:read",
            "console:figure:simulate",
            "desk:project:read",
            "desk:project:join",
            "desk:project:lead",
        ),
    ),
    (
        "supervisor",
        "督查人员",
        "看全部办件、工程项目和留痕，不办件",
        (
            "console:case:read",
            "console:trace:read",
            "console:card:read",
            "console:card:decide",
            "console:rule:write",
            "console:score:publish",
            "console:project:read",
            "console:figure:read",
            "console:figure:simulate",
        ),
    ),
    (
        "centre_manager",
        "中心管理人员",
        "管理本中心的窗口运行",
        ("console:case:read", "console:calendar:manage", "console:trace:read", "console:figure:read"),
    ),
    (
        "registrar",
        "登记监管人员",
        "经营异常名录、吊销营业执照、简易注销的异议",
        ("console:entity:read", "console:entity:list", "console:entity:revoke", "console:entity:notice"),
    ),
    ("author", "事项编制人员", "编写事项标准和一件事", ("console:standard:write", "console:theme:write")),
    (
        "legal_reviewer",
        "合法性审核人员",
        "审核并发布事项标准和一件事",
        ("console:standard:review", "console:standard:publish", "console:theme:publish"),
    ),
    (
        "system_admin",
        "系统管理员",
        "账户、机构、参数、运行",
        (
            "console:account:manage",
            "console:client:manage",
            "console:organisation:manage",
            "console:param:manage",
            "console:job:read",
        ),
    ),
    (
        "security_admin",
        "安全管理员",
        "角色、授权、锁定",
        ("console:role:manage", "console:delegation:manage", "console:lockout:manage"),
    ),
    ("audit_admin", "审计管理员", "只看审计记录", ("console:audit:read", "console:trace:read")),
    (
        "integrator",
        "接入系统",
        "部门业务系统通过接口收件、回传",
        ("desk:application:create", "desk:case:receive", *READ),
    ),
)


def seed_roles() -> int:
    """Create the built-in roles that are missing; those already there stay as the administrator left them."""
    known = set(Role.objects.values_list("code", flat=True))
    fresh = [
        Role(code=code, name=name, description=description, grants=sorted(set(grants)), built_in=True)
        for code, name, description, grants in ROLES
        if code not in known
    ]
    return len(Role.objects.bulk_create(fresh, ignore_conflicts=True))
