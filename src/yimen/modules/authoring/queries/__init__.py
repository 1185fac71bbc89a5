"""Reads: lists of the workbench, reports of imports, the catalogue as a file."""
