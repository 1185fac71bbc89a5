"""A theme's content as a form of groups and rows, and back again (pure)."""
