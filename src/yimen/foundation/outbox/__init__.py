"""Deliveries after commit and background work, with recovery. Not the reactions themselves (handlers)."""
