"""The desk's lists: one source of rows for counts, tabs and pages, so that they always agree."""
