"""Addresses under ``/supervision/``."""

from django.urls import path

from yimen.modules.supervision.pages import hall

app_name = "supervision"
urlpatterns = [
    path("", hall.public_scores, name="scores"),
    path("rules/", hall.public_rules, name="rules"),
    path("scores/<int:key>/", hall.public_score, name="score"),
]
