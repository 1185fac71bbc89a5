"""Data elements, form definitions, rendering and checking of filled forms. Not applications (cases)."""
