"""Addresses for the tests of identity: its own pages, without the portals above."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from yimen.kernel.access import SIGNED_IN, access, actor_of_request


@access(SIGNED_IN)
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse(actor_of_request(request).channel)


@access(SIGNED_IN)
def hall(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(getattr(request, "acting_for", "") or "self"))


urlpatterns = [
    path("", include("yimen.foundation.identity.urls")),
    path("console/people/", include("yimen.foundation.identity.pages.urls")),
    path("console/orgs/", include("yimen.foundation.orgs.pages.urls")),
    path("console/params/", include("yimen.foundation.params.pages.urls")),
    path("desk/", include(([path("", desk, name="home")], "desk"))),
    path("", hall, name="root"),
]
