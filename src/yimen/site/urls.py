"""Root addresses: each room's own, then the health of the whole."""

from django.urls import URLPattern, URLResolver, include, path

from yimen.site import health

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "", include("yimen.portals.openapi.urls")
    ),  # first: systems call it more often than people open pages
    path("", include("yimen.portals.hall.urls")),
    path("desk/", include("yimen.portals.desk.urls")),
    path("console/", include("yimen.portals.console.urls")),
    path("ui/", include("yimen.portals.ui.urls")),
    path("", include("yimen.foundation.identity.urls")),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]

handler400 = "yimen.portals.ui.errors.bad_request"
handler403 = "yimen.portals.ui.errors.permission_denied"
handler404 = "yimen.portals.ui.errors.not_found"
handler500 = "yimen.site.errors.server_error"
