"""Reads: published standards, lists for the hall and the workbench, lineage, import reports."""
