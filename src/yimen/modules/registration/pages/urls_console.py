"""Addresses under ``/console/entities/``."""

from django.urls import path

from yimen.modules.registration.pages import console

app_name = "registration_console"
urlpatterns = [
    path("", console.entity_list, name="list"),
    path("<str:uscc>/", console.entity, name="entity"),
    path("<str:uscc>/objections/<int:key>/dismiss/", console.dismiss, name="dismiss"),
    path("<str:uscc>/<slug:act>/", console.act, name="act"),
]
