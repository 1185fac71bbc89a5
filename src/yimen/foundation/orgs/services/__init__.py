"""The only place that writes orgs."""
