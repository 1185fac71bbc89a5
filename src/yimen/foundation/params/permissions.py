"""Grants of params; declared by identity, which stands above."""

PARAM_MANAGE = "console:param:manage"
