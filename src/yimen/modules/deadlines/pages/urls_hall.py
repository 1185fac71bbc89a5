"""Addresses under ``/deadlines/``."""

from django.urls import path

from yimen.modules.deadlines.pages import hall

app_name = "deadlines"
urlpatterns = [path("", hall.calculator, name="calculator")]
