"""Working on one case: what is shown beside what, and the forms of the acts."""
