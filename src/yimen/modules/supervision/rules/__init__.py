"""What supervision judges by (pure): published facts, detectors over one case's course, rules, scores."""
