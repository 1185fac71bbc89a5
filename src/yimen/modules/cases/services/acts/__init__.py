"""One legal act, one short file: what it takes, what it checks, what it does."""
