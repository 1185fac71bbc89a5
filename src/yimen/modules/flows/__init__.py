"""Review steps between acceptance and decision, as data of the standard. Knows nothing of cases."""
