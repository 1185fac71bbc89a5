"""The console: authors, managers, supervisors, administrators."""
