"""Addresses of the REST interface."""

from django.urls import path

from yimen.portals.openapi.site import api

urlpatterns = [path("api/v1/", api.urls)]
