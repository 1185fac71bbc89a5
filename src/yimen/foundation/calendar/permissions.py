"""Grants of the calendar."""

MANAGE = "console:calendar:manage"
GRANTS = {MANAGE: "维护和发布工作日历"}
