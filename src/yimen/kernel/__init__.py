"""The ground floor: small pure parts that every floor above may use; no tables, no Django models."""
