from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Management commands and demo data of the whole product."""

    name = "yimen.site"
    label = "site"

    def ready(self) -> None:
        from yimen.foundation.identity.api import roles_with_grant
        from yimen.portals.ui.grants import answer_who_could_with
        from yimen.site import connections, logs

        logs.configure()
        connections.watch()
        answer_who_could_with(roles_with_grant)
