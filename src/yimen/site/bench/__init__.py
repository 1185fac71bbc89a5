"""Measurements of the whole product, each on a store of its own that is gone afterwards; never a test, never timed by one."""
