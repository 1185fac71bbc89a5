"""The Django application configuration that every folder of the house shares."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Loads the folder's reactions (``handlers``) and background work (``jobs``) once everything is there."""

    default_auto_field = "django.db.models.BigAutoField"
    default = False

    def ready(self) -> None:
        for room in ("handlers", "jobs"):
            if find_spec(f"{self.name}.{room}"):
                import_module(f"{self.name}.{room}")
