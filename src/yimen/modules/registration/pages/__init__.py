"""Pages of registration: the public register and names in the hall, the registrar's list in the console."""
