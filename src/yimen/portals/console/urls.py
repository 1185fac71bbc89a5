"""Addresses of the console: its own, and what modules show in it."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from yimen.portals.console import navigation
from yimen.portals.console.pages import case, cases, home, jobs, promises, time, trace

console = [
    path("", home.home, name="home"),
    path("promises/", promises.promises, name="promises"),
    path("promises/<str:code>/", promises.promise, name="promise"),
    path("review/", home.review, name="review"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/columns/", cases.columns, name="case_columns"),
    path("cases/export.<str:form>", cases.export, name="case_export"),
    path("cases/<str:number>/", case.case, name="case"),
    path("papers/<str:code>/", case.paper, name="paper"),
    path("time/", time.time, name="time"),
    path("trace/", trace.events, name="trace"),
    path("trace/readings/", trace.readings, name="readings"),
    path("trace/seals/", trace.seals, name="seals"),
    path("trace/verify/", trace.verify, name="verify"),
    path("trace/verify/<int:key>/", trace.verification, name="verification"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/deliveries/<int:key>/retry/", jobs.retry_delivery, name="retry_delivery"),
    path("jobs/sendings/<int:key>/retry/", jobs.retry_sending, name="retry_sending"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((console, "console")))]
NEIGHBOURS = (
    ("items/", "yimen.modules.authoring.pages.urls_console"),
    ("themes/", "yimen.modules.themes.pages.urls_console"),
    ("calendar/", "yimen.modules.deadlines.pages.urls"),
    ("entities/", "yimen.modules.registration.pages.urls_console"),
    ("projects/", "yimen.modules.projects.pages.urls_console"),
    ("supervision/", "yimen.modules.supervision.pages.urls_console"),
    ("figures/", "yimen.modules.insight.pages.urls_console"),
    ("people/", "yimen.foundation.identity.pages.urls"),
    ("orgs/", "yimen.foundation.orgs.pages.urls"),
    ("params/", "yimen.foundation.params.pages.urls"),
)
urlpatterns += [path(prefix, include(module)) for prefix, module in NEIGHBOURS if find_spec(module)]
navigation.register()
