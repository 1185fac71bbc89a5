"""Numbers and words that differ by place, as data with a clause."""
