"""The door of insight."""

from yimen.modules.insight.permissions import READ, SIMULATE

__all__ = ["READ", "SIMULATE"]
