"""Addresses under ``/console/items/``."""

from django.urls import path, re_path

from yimen.modules.authoring.pages import comparing, imports, life, reviewing, work, writing

app_name = "items_console"
urlpatterns = [
    path("", work.work, name="list"),
    path("new/", work.new_item, name="new"),
    path("export/", work.download, name="export"),
    path("compare/", comparing.compare_divisions, name="compare"),
    path("import/", imports.import_page, name="import"),
    path("import/<int:pk>/", imports.run_page, name="import_run"),
    path("import/<int:pk>/report.csv", imports.report, name="import_report"),
    path("<str:code>/", work.item_overview, name="item"),
    path("<str:code>/new-version/", work.new_version, name="new_version"),
    path("<str:code>/life/<slug:act>/", life.life, name="life"),
    path("<str:code>/<int:version>/", writing.edit, name="edit"),
    path("<str:code>/<int:version>/preview/", writing.preview, name="preview"),
    path("<str:code>/<int:version>/review/", reviewing.review, name="review"),
    re_path(
        r"^(?P<code>[^/]+)/(?P<version>[0-9]{1,6})/handbook\.(?P<form>pdf|docx)$",
        reviewing.handbook,
        name="handbook",
    ),
]
