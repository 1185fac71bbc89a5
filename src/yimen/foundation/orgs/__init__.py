"""Where: divisions of five levels, organisations, service centres, posts. Not people (identity)."""
