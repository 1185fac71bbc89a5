"""The desk's pages: one act, one short file."""
