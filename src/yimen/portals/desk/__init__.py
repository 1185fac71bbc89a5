"""The desk: windows and departments, all day."""
