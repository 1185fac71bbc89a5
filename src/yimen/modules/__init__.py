"""The domain: one folder a capability; imports go down the order held in pyproject.toml."""
