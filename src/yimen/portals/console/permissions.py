"""Grants of the console's own pages; those of cases, items, people are declared where they live."""

from yimen.foundation.calendar.api import MANAGE as CALENDAR_MANAGE
from yimen.foundation.identity.api import declare_grants
from yimen.foundation.identity.permissions import (
    ACCOUNT_MANAGE,
    AUDIT_READ,
    CLIENT_MANAGE,
    DELEGATION_MANAGE,
    LOCKOUT_MANAGE,
    ROLE_MANAGE,
)
from yimen.foundation.orgs.permissions import ORGANISATION_MANAGE
from yimen.foundation.params.permissions import PARAM_MANAGE
from yimen.modules.cases.permissions import READ_ALL as CASE_READ
from yimen.modules.insight.api import READ as FIGURE_READ
from yimen.modules.items.api import PUBLISH, REVIEW, WRITE
from yimen.modules.projects.permissions import WATCH as PROJECT_WATCH
from yimen.modules.registration.permissions import ANY as ENTITY_ANY
from yimen.modules.supervision.permissions import WATCH as CARD_WATCH
from yimen.modules.themes.permissions import ALL_GRANTS as THEME_ANY

TRACE_READ = "console:trace:read"
JOB_READ = "console:job:read"
JOB_RETRY = JOB_READ
"""Whoever sees that a delivery was given up may have it tried again: it changes no content."""

declare_grants({TRACE_READ: "查看和验证办理留痕", JOB_READ: "查看后台作业，重试未送达的通知"})

ANY = (
    CARD_WATCH, CASE_READ, TRACE_READ, JOB_READ, WRITE, REVIEW, PUBLISH, CALENDAR_MANAGE, ACCOUNT_MANAGE, AUDIT_READ, CLIENT_MANAGE,
    DELEGATION_MANAGE, LOCKOUT_MANAGE, ORGANISATION_MANAGE, PARAM_MANAGE, PROJECT_WATCH, ROLE_MANAGE,
    *ENTITY_ANY, *THEME_ANY,
)  # fmt: skip
"""Whoever holds one of these has something to do in the console."""

__all__ = [
    "ACCOUNT_MANAGE", "ANY", "AUDIT_READ", "CALENDAR_MANAGE", "CARD_WATCH", "CASE_READ", "CLIENT_MANAGE", "DELEGATION_MANAGE",
    "ENTITY_ANY", "FIGURE_READ", "JOB_READ", "JOB_RETRY", "LOCKOUT_MANAGE", "ORGANISATION_MANAGE", "PARAM_MANAGE", "PROJECT_WATCH", "PUBLISH", "REVIEW", "ROLE_MANAGE",
    "THEME_ANY",
    "TRACE_READ", "WRITE",
]  # fmt: skip
