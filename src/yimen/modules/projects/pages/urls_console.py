"""Addresses under ``/console/projects/``."""

from django.urls import path

from yimen.modules.projects.pages import console

app_name = "projects_console"
urlpatterns = [
    path("", console.project_list, name="list"),
    path("export.json", console.export_list, name="export"),
    path("<str:code>/", console.project, name="project"),
    path("<str:code>/export.json", console.export_one, name="export_one"),
]
