"""Addresses of the REST interface; what is not among them is told in the interface's own way."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from yimen.kernel.access import PUBLIC, access
from yimen.kernel.errors import NotFound
from yimen.portals.openapi.problems import problem_response
from yimen.portals.openapi.site import api


@access(PUBLIC)
def nowhere(request: HttpRequest) -> HttpResponse:
    return problem_response(NotFound("没有这个接口地址，请看 /api/v1/docs。"))


nowhere.csrf_exempt = True  # type: ignore[attr-defined]

urlpatterns = [path("api/v1/", api.urls), re_path(r"^api/", nowhere)]
