"""Pages of params."""
