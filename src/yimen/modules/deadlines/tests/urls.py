"""Addresses of the pages under test, without the rest of the product."""

from django.urls import include, path
from ninja import NinjaAPI

from yimen.kernel.errors import Refusal
from yimen.modules.deadlines.rest import router

api = NinjaAPI(urls_namespace="deadlines-under-test", openapi_url=None)
api.add_router("", router)


@api.exception_handler(Refusal)
def refused(request, refusal):
    return api.create_response(request, {"detail": refusal.message, "code": refusal.code}, status=422)


urlpatterns = [
    path("accounts/login/", lambda request: None, name="account_login"),
    path("console/calendar/", include("yimen.modules.deadlines.pages.urls")),
    path("deadlines/", include("yimen.modules.deadlines.pages.urls_hall")),
    path("api/v1/", api.urls),
]
