"""The console beside what it links to, whatever the rest of the site looks like."""

from django.urls import include, path

urlpatterns = [
    path("console/", include("yimen.portals.console.urls")),
    path("me/messages/", include("yimen.foundation.notices.pages.urls_hall")),
    path("", include("yimen.foundation.identity.urls")),
]
