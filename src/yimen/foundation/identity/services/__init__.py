"""The only place that writes identity."""
