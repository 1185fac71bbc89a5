"""The only writer of supervision: rules, cards, trials, scores."""
