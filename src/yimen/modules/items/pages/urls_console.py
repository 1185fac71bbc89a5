"""Addresses under ``/console/items/``."""

from django.urls import path, re_path

from yimen.modules.items.pages import authoring, console, imports

app_name = "items_console"
urlpatterns = [
    path("", console.work, name="list"),
    path("new/", console.new_item, name="new"),
    path("export/", console.download, name="export"),
    path("compare/", console.compare_divisions, name="compare"),
    path("import/", imports.import_page, name="import"),
    path("import/<int:pk>/", imports.run_page, name="import_run"),
    path("import/<int:pk>/report.csv", imports.report, name="import_report"),
    path("<str:code>/", console.item_overview, name="item"),
    path("<str:code>/new-version/", console.new_version, name="new_version"),
    path("<str:code>/life/<slug:act>/", console.life, name="life"),
    path("<str:code>/<int:version>/", authoring.edit, name="edit"),
    path("<str:code>/<int:version>/preview/", authoring.preview, name="preview"),
    path("<str:code>/<int:version>/review/", authoring.review, name="review"),
    re_path(
        r"^(?P<code>[^/]+)/(?P<version>[0-9]{1,6})/handbook\.(?P<form>pdf|docx)$",
        authoring.handbook,
        name="handbook",
    ),
]
