"""Reads of supervision: courses of cases, what detectors see in sets, cards, scores, lost time, evaluation of items."""
