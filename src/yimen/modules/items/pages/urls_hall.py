"""Addresses under ``/items/``."""

from django.urls import path

from yimen.modules.items.pages import hall

app_name = "items"
urlpatterns = [
    path("", hall.item_list, name="list"),
    path("suggest/", hall.suggestions, name="suggest"),
    path("<str:code>/", hall.item_page, name="item"),
    path("<str:code>/changes/", hall.changes_page, name="changes"),
    path("<str:code>/form/", hall.form_page, name="form"),
    path("<str:code>/guide.pdf", hall.guide_pdf, name="guide"),
]
