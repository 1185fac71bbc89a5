"""Addresses of the hall."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
