"""The door of registration."""
