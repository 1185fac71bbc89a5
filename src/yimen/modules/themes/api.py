"""The door of themes."""
