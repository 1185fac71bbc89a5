"""Pages of projects: the owner's in the hall, the departments' at the desk, the overview in the console."""
