"""Addresses under ``/me/messages/``."""

from django.urls import path

from yimen.foundation.notices.pages import hall

app_name = "messages"
urlpatterns = [
    path("", hall.inbox, name="inbox"),
    path("read/", hall.read_all, name="read_all"),
    path("<int:key>/", hall.follow, name="follow"),
]
