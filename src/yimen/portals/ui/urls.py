"""Addresses of the design system itself: appearance switches, and the living style guide."""

from django.urls import path

from yimen.portals.ui import pages

app_name = "ui"
urlpatterns = [
    path("", pages.style_guide, name="guide"),
    path("appearance", pages.appearance, name="appearance"),
]
