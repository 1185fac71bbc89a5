"""Reads: published standards, lists for the hall, search."""
