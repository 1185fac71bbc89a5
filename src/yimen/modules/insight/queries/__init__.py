"""Reads: what is stored of cases, sums of cubes, what may be seen."""
