"""Handing in: applicant, form, materials, numbers."""
