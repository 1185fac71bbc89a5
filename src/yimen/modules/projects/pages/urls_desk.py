"""Addresses under ``/desk/projects/``."""

from django.urls import path

from yimen.modules.projects.pages import desk

app_name = "projects_desk"
urlpatterns = [
    path("", desk.project_list, name="list"),
    path("<str:code>/", desk.project, name="project"),
    path("<str:code>/acts/<slug:name>/", desk.act, name="act"),
]
