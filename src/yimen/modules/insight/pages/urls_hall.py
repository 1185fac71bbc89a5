"""Addresses of the public figures and of the board."""

from django.urls import path

from yimen.modules.insight.pages import hall

app_name = "insight"
urlpatterns = [
    path("figures/", hall.figures, name="figures"),
    path("board/", hall.board, name="board"),
]
