"""Grants of this module; roles that carry them are data."""

from yimen.foundation.identity.api import declare_grants
from yimen.modules.items.states import PUBLISH, REVIEW, WRITE

GRANTS = {
    WRITE: "编制事项标准",
    REVIEW: "法制审核事项标准",
    PUBLISH: "发布、暂停、取消和调整事项",
}
declare_grants(GRANTS)
ALL_GRANTS = tuple(GRANTS)
"""Whoever has any of them has work to do with items."""

__all__ = ["ALL_GRANTS", "GRANTS", "PUBLISH", "REVIEW", "WRITE"]
