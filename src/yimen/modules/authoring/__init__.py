"""The author's workbench, and catalogues coming in and going out. Not the standards themselves (items)."""
