"""Dashboards in the console, the public page, the board of the hall, what-if."""
