"""The door of projects."""
