"""Addresses under ``/entities/``."""

from django.urls import path

from yimen.modules.registration.pages import acting, filings, register

app_name = "registration"
urlpatterns = [
    path("", register.search, name="search"),
    path("names/", register.names, name="names"),
    path("filings/<str:number>/", filings.filing, name="filing"),
    path("filings/<str:number>/<slug:deed>.<slug:form>", filings.deed, name="deed"),
    path("<str:uscc>/", register.entity, name="entity"),
    path("<str:uscc>/qr.svg", register.qr, name="qr"),
    path("<str:uscc>/cancel/", acting.announce, name="announce"),
    path("<str:uscc>/object/", acting.object_to, name="object"),
]
