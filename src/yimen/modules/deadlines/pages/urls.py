"""Addresses under ``/console/calendar/``."""

from django.urls import path

from yimen.modules.deadlines.pages import console

app_name = "calendar"
urlpatterns = [
    path("", console.home, name="home"),
    path("draft/", console.draft, name="draft"),
    path("draft/new/", console.new_draft, name="new_draft"),
    path("draft/discard/", console.discard, name="discard"),
    path("draft/moves/", console.moves, name="moves"),
    path("draft/publish/", console.publish, name="publish"),
    path("recounts/<int:pk>/", console.recount, name="recount"),
]
