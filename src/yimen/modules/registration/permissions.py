"""The grants that this module asks for; the register itself is public (市场主体登记管理条例第五条、第三十五条)."""

from yimen.foundation.identity.api import declare_grants
from yimen.modules.registration.states import LIST, NOTICE, READ, REVOKE

__all__ = ["ANY", "LIST", "NOTICE", "READ", "REVOKE"]
declare_grants(
    {
        READ: "查看市场主体登记（监管）",
        LIST: "列入、移出经营异常名录",
        REVOKE: "吊销营业执照",
        NOTICE: "处理简易注销公告的异议",
    }
)
ANY = (READ, LIST, REVOKE, NOTICE)
