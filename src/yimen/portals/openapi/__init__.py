"""The REST interface: one door for systems, documented by itself."""
