"""Clocks: every promise of time, computed and explained day by day. Knows nothing of cases."""
