"""Reads of registration: names that are taken, the public register, what registrars watch."""
