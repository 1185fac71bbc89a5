"""Grants of this module; roles that carry them are data."""

from yimen.foundation.identity.api import declare_grants
from yimen.modules.themes.states import PUBLISH, WRITE

GRANTS = {WRITE: "编制一件事", PUBLISH: "发布、暂停和恢复一件事"}
declare_grants(GRANTS)
ALL_GRANTS = tuple(GRANTS)

__all__ = ["ALL_GRANTS", "GRANTS", "PUBLISH", "WRITE"]
