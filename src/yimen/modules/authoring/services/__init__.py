"""The only place that writes imports and their reports; items are written through their door."""
