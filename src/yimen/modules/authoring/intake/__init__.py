"""From a file that somebody sends to rows, and from a row to an item: pure, forgiving, and it says what is doubtful."""
