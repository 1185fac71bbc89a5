"""Addresses of the hall, and of what modules show in it."""

from django.urls import URLPattern, URLResolver, include, path

from yimen.portals.hall import navigation
from yimen.portals.hall.pages import (
    case,
    home,
    information,
    me,
    my,
    progress,
    supplying,
    things,
    verify,
    withdrawing,
)
from yimen.portals.hall.pages.apply import adding, done, drafts, helping, page

hall = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("things/", things.things, name="things"),
    path("things/<str:code>/", things.thing, name="thing"),
    path("apply/", page.apply, name="apply"),
    path("apply/add/", adding.add, name="apply_add"),
    path("apply/save/", helping.save, name="apply_save"),
    path("apply/form/", helping.form, name="apply_form"),
    path("apply/upload/", helping.upload, name="apply_upload"),
    path("apply/drafts/<int:key>/", drafts.resume, name="draft"),
    path("apply/drafts/<int:key>/discard/", drafts.discard, name="draft_discard"),
    path("apply/done/<str:number>/", done.done, name="apply_done"),
    path("my/", my.my, name="my"),
    path("my/papers/<str:code>/", case.paper, name="paper"),
    path("my/files/<int:key>/", case.handed_in_file, name="file"),
    path("my/cases/<str:number>/", case.case, name="case"),
    path("my/cases/<str:number>/correct/", supplying.correct, name="correct"),
    path("my/cases/<str:number>/supply/", supplying.supply, name="supply"),
    path("my/cases/<str:number>/<slug:act>/save/", supplying.save, name="supplying_save"),
    path("my/cases/<str:number>/withdraw/", withdrawing.withdraw, name="withdraw"),
    path("my/<str:number>/", my.application, name="application"),
    path("my/<str:number>/receipt/", case.receipt, name="receipt"),
    path("progress/", progress.progress, name="progress"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.verify, name="verify_code"),
    path("me/", me.me, name="me"),
    path("help/", information.help_page, name="help"),
    path("centres/", information.centres, name="centres"),
    path("about/", information.about, name="about"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((hall, "hall"))),
    path("me/messages/", include("yimen.foundation.notices.pages.urls_hall")),
    path("items/", include("yimen.modules.items.pages.urls_hall")),
    path("deadlines/", include("yimen.modules.deadlines.pages.urls_hall")),
    path("entities/", include("yimen.modules.registration.pages.urls_hall")),
    path("projects/", include("yimen.modules.projects.pages.urls_hall")),
    path("supervision/", include("yimen.modules.supervision.pages.urls_hall")),
    path("", include("yimen.modules.insight.pages.urls_hall")),
]
navigation.register()
