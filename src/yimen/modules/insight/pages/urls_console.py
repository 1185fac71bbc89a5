"""Addresses under ``/console/figures/``."""

from django.urls import path

from yimen.modules.insight.pages import console, reports, whatif

app_name = "insight_console"
urlpatterns = [
    path("", console.dashboard, name="dashboard"),
    path("export.<str:form>", console.export, name="export"),
    path("report/", reports.report, name="report"),
    path("what-if/", whatif.what_if, name="what_if"),
    path("what-if/<int:key>/", whatif.result, name="experiment"),
    path("report/file.<str:form>", reports.report_file, name="report_file"),
]
