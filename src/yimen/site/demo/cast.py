"""The people that documentation, tests and visitors meet by name; they exist in demonstration stores only."""

from dataclasses import dataclass

from yimen.foundation.orgs.models import Division

PASSWORD = "yimen"
DISTRICT = "449901000000"


@dataclass(frozen=True)
class Member:
    """One member of the cast.

    Args:
        role: code of a built-in role; "" for the public.
        scope: ``organisation:scjgj``, ``centre:lanjiang``, ``division:449901`` or "" (everywhere).
        posts: codes of posts held in the organisation.
    """

    username: str
    name: str
    title: str
    role: str = ""
    scope: str = ""
    posts: tuple[str, ...] = ()


REVIEW_POSTS = ("receiver", "reviewer", "inspector", "certifier")
CAST = (
    Member("lin", "林晓燕", "居民"),
    Member("wu", "吴建国", "企业代办人（代表粤海市澜江区甲乙丙餐饮有限公司）"),
    Member("chen", "陈窗口", "综合窗口工作人员", "window_clerk", "centre:lanjiang"),
    Member("zhao", "赵审查", "区市场监管局审查人员", "reviewer", "organisation:scjgj", REVIEW_POSTS),
    Member("sun", "孙负责", "区市场监管局负责人", "department_head", "organisation:scjgj", ("head",)),
    Member("qian", "钱督查", "效能督查人员", "supervisor", "division:449901"),
    Member("he", "何主任", "政务服务中心管理人员", "centre_manager", "centre:lanjiang"),
    Member("root", "系统管理员", "系统管理员", "system_admin"),
    Member("anquan", "安全管理员", "安全管理员（角色、授权）", "security_admin"),
    Member("shenji", "审计管理员", "审计管理员（审计、留痕）", "audit_admin"),
    Member("wen", "文编制", "事项标准编制人员", "author", "division:449901"),
    Member("fang", "方审核", "事项标准合法性审核人员", "legal_reviewer", "division:449901"),
)


def is_demo_store() -> bool:
    """Was this store filled with the demonstration district?"""
    return Division.objects.filter(code=DISTRICT).exists()
