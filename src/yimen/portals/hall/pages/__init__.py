"""Pages of the hall: one act, one short file."""
