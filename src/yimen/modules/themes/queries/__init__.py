"""Reading themes."""
