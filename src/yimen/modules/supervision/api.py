"""The door of supervision."""
