"""The door of insight."""
