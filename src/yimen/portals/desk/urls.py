"""Addresses of the desk, and of what modules show in it."""

from django.urls import URLPattern, URLResolver, include, path

from yimen.portals.desk import navigation
from yimen.portals.desk.pages import (
    case,
    files,
    handout,
    inbox,
    opinions,
    palette,
    received,
    together,
    window,
    window_items,
)

navigation.register()

desk = [
    path("", inbox.start, name="start"),
    path("window/", window.window, name="window"),
    path("window/keep", window.keep, name="window_keep"),
    path("window/items", window_items.window_items, name="window_items"),
    path("window/received/<str:number>/", received.received, name="received"),
    path("cases/", inbox.inbox, name="inbox"),
    path("cases/<str:number>/", case.case, name="case"),
    path("cases/<str:number>/acts/<str:name>/", case.act, name="act"),
    path("cases/<str:number>/together/<str:name>/", together.together, name="together"),
    path("cases/<str:number>/full/", case.reveal, name="reveal"),
    path("cases/<str:number>/ledger/", case.ledger_rows, name="ledger"),
    path("cases/<str:number>/next/", case.following, name="next"),
    path("cases/<str:number>/materials/<int:material>/", files.material_file, name="material"),
    path("cases/<str:number>/papers/<int:sequence>/", files.paper_of_act, name="paper_of_act"),
    path("papers/<str:code>/", files.paper, name="paper"),
    path("files/", files.upload, name="upload"),
    path("opinions/", opinions.opinions, name="opinions"),
    path("handout/", handout.handout, name="handout"),
    path("search", palette.palette, name="palette"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((desk, "desk"))),
    path("projects/", include("yimen.modules.projects.pages.urls_desk")),
    path("supervision/", include("yimen.modules.supervision.pages.urls_desk")),
]
