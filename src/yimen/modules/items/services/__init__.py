"""The only place that writes items, standards, lineage, search entries and import reports."""
