"""Addresses under ``/console/themes/``."""

from django.urls import path

from yimen.modules.themes.pages import reading, work, writing

app_name = "themes_console"
urlpatterns = [
    path("", work.work, name="list"),
    path("new/", work.new_theme, name="new"),
    path("<slug:code>/", work.overview, name="theme"),
    path("<slug:code>/new-version/", work.new_version, name="new_version"),
    path("<slug:code>/take-over/", work.take_over, name="take_over"),
    path("<slug:code>/life/<slug:act>/", work.life, name="life"),
    path("<slug:code>/<int:version>/", reading.version, name="version"),
    path("<slug:code>/<int:version>/proof/", reading.proof, name="proof"),
    path("<slug:code>/<int:version>/edit/", writing.edit, name="edit"),
    path("<slug:code>/<int:version>/preview/", writing.preview, name="preview"),
    path("<slug:code>/<int:version>/publish/", work.publish, name="publish"),
    path("<slug:code>/<int:version>/discard/", work.discard, name="discard"),
]
