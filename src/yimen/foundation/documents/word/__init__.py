"""Papers as Word files: the templates and the script that makes them."""
