"""The only place that writes items, standards, lineage, and search entries."""
