"""Grants of orgs; declared by identity, which stands above."""

ORGANISATION_MANAGE = "console:organisation:manage"
