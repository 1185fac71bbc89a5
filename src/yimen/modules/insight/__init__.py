"""Figures (统计分析): small cubes fed from events, dashboards, reports, and what-if.

Not here: who was late and must answer for it (supervision), and any list of cases (cases, console).
"""
