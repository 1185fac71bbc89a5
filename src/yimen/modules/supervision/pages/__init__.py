"""Pages of supervision: the supervisor's in the console, the departments' at the desk, what everybody may read in the hall."""
