"""What stands in the console's navigation, by grant; an entry whose page nobody serves is not shown."""

from yimen.portals.console import permissions as grants
from yimen.portals.ui import navigation

WATCH, AUTHOR, PEOPLE, RUN, AUDIT = "监督", "事项与时限", "人员与机构", "运行", "审计"


def register() -> None:
    """Put the console's entries in their order; called when the addresses are loaded."""

    def entry(
        label: str, name: str, grant: str, order: int, icon: str, section: str, shortcut: str = ""
    ) -> None:
        navigation.register("console", label, name, grant, shortcut, order, icon=icon, section=section)

    navigation.register("console", "待办", "console:home", grants.ANY, "g h", 0, icon="inbox")
    entry("办件", "console:cases", grants.CASE_READ, 10, "files", WATCH, "g c")
    entry("工程项目", "projects_console:list", grants.PROJECT_WATCH, 12, "building-2", WATCH)
    navigation.register(
        "console",
        "市场主体",
        "registration_console:list",
        grants.ENTITY_ANY,
        order=13,
        icon="briefcase",
        section=WATCH,
    )
    entry("统计分析", "insight_console:dashboard", grants.FIGURE_READ, 13, "chart-column", WATCH, "g f")
    entry("监察牌", "supervision_console:cards", grants.CARD_WATCH, 13, "triangle-alert", WATCH, "g k")
    entry("监察规则", "supervision_console:rules", grants.CARD_WATCH, 14, "scale", WATCH)
    entry("失时账", "supervision_console:losing", grants.CARD_WATCH, 15, "clock-alert", WATCH)
    entry("评分", "supervision_console:scores", grants.CARD_WATCH, 16, "trending-up", WATCH)
    entry("实施评估", "supervision_console:evaluation", grants.CARD_WATCH, 17, "list-checks", WATCH)
    entry("时间去哪了", "console:time", grants.CASE_READ, 11, "gauge", WATCH, "g t")
    entry("事项标准", "items_console:list", grants.WRITE, 20, "list-checks", AUTHOR)
    navigation.register(
        "console", "一件事", "themes_console:list", grants.THEME_ANY, order=20, icon="layers", section=AUTHOR
    )
    entry("标准审核", "console:review", grants.REVIEW, 21, "scale", AUTHOR)
    entry("缩短承诺", "console:promises", grants.PUBLISH, 23, "gauge", AUTHOR)
    entry("工作日历", "calendar:home", grants.CALENDAR_MANAGE, 22, "calendar-days", AUTHOR)
    entry("账户", "identity_console:accounts", grants.ACCOUNT_MANAGE, 30, "users", PEOPLE)
    entry("角色", "identity_console:roles", grants.ROLE_MANAGE, 31, "shield-check", PEOPLE)
    entry("授权", "identity_console:delegation", grants.DELEGATION_MANAGE, 32, "network", PEOPLE)
    entry("登录锁定", "identity_console:lockouts", grants.LOCKOUT_MANAGE, 33, "lock", PEOPLE)
    entry("机构", "orgs_console:organisations", grants.ORGANISATION_MANAGE, 34, "building-2", PEOPLE)
    entry("中心", "orgs_console:centres", grants.ORGANISATION_MANAGE, 35, "landmark", PEOPLE)
    entry("接入系统", "identity_console:clients", grants.CLIENT_MANAGE, 40, "link", RUN)
    entry("参数", "params_console:params", grants.PARAM_MANAGE, 41, "settings", RUN)
    entry("后台作业", "console:jobs", grants.JOB_READ, 42, "refresh-cw", RUN, "g j")
    entry("办理留痕", "console:trace", grants.TRACE_READ, 50, "history", AUDIT, "g l")
    entry("查看个人信息的记录", "console:readings", grants.TRACE_READ, 51, "eye", AUDIT)
    entry("封存与验证", "console:seals", grants.TRACE_READ, 52, "shield-check", AUDIT)
    entry("管理员操作", "identity_console:audit", grants.AUDIT_READ, 53, "id-card", AUDIT)
