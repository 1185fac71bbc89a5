"""Template tags and filters of the one design system."""
