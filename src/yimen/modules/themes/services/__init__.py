"""Writing themes."""
