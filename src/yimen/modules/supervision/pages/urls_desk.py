"""Addresses under ``/desk/supervision/``."""

from django.urls import path

from yimen.modules.supervision.pages import desk

app_name = "supervision_desk"
urlpatterns = [
    path("", desk.card_list, name="cards"),
    path("scores/", desk.score_list, name="scores"),
    path("scores/<int:key>/", desk.score, name="score"),
    path("cards/<str:number>/", desk.card, name="card"),
    path("cards/<str:number>/paper/", desk.card_paper, name="paper"),
    path("cards/<str:number>/evidence/<int:key>/", desk.evidence, name="evidence"),
]
