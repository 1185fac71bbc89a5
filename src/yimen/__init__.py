"""Yimen (一门): one platform for government services through one door."""
