"""Addresses for the browser test of the style guide: the design system, and sign-in for the frame's links."""

from django.urls import include, path

urlpatterns = [
    path("ui/", include("yimen.portals.ui.urls")),
    path("", include("yimen.foundation.identity.urls")),
]
