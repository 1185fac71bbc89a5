"""What happened: hash-chained events, periodic seals, readings of personal data. Not what may happen (cases)."""
