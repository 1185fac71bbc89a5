from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Management commands and demo data of the whole product."""

    name = "yimen.site"
    label = "site"
