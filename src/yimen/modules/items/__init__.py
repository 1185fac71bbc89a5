"""What can be done: items, versioned standards, lint, lineage, guides, search. Not running cases."""
