"""The public hall: find, understand, fill, hand in, follow."""
