"""Applying: the steps of one address, its endpoints, handing in."""
