"""The only place that writes projects."""
