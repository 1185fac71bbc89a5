from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CLOSED = models.Q(is_open=False, finished_at__isnull=False)
INDEXES = {"case_closed_office": "organisation", "case_closed_centre": "centre"}


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody is kept from writing meanwhile, where the database can do that."""
    aside = "CONCURRENTLY" if editor.connection.vendor == "postgresql" else ""
    for name, place in INDEXES.items():
        editor.execute(
            f"CREATE INDEX {aside} IF NOT EXISTS {name} ON cases_case ({place}_id, finished_at DESC, id DESC)"
            " WHERE finished_at IS NOT NULL AND NOT is_open"
        )


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    aside = "CONCURRENTLY" if editor.connection.vendor == "postgresql" else ""
    for name in INDEXES:
        editor.execute(f"DROP INDEX {aside} IF EXISTS {name}")


class Migration(migrations.Migration):
    """The last closed of an office or a centre, without sorting all that it ever closed."""

    atomic = False
    dependencies = [("cases", "0009_not_tallied")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(create, drop)],
            state_operations=[
                migrations.AddIndex(
                    "case", models.Index(fields=[place, "-finished_at", "-id"], condition=CLOSED, name=name)
                )
                for name, place in INDEXES.items()
            ],
        )
    ]
