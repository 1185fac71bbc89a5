"""Layouts, components, tokens: how every room looks."""
