"""Figures (统计分析): small cubes fed from events, dashboards, reports, and what-if."""
