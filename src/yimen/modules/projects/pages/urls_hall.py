"""Addresses under ``/projects/``."""

from django.urls import path

from yimen.modules.projects.pages import early, hall, papers, registering, starting

app_name = "projects"
urlpatterns = [
    path("", hall.project_list, name="list"),
    path("new/", registering.new_project, name="new"),
    path("<str:code>/", hall.project, name="project"),
    path("<str:code>/track/", hall.track, name="track"),
    path("<str:code>/files/<int:key>/", papers.early_material, name="file"),
    path("<str:code>/stages/<slug:kind>/start/", starting.start_stage, name="start"),
    path("<str:code>/stages/<slug:kind>/pre-review/", early.pre_review, name="pre_review"),
]
