from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAME, FIELDS = "case_not_tallied", ("organisation", "division", "centre", "state")
COLUMNS = "organisation_id, division, centre_id, state"


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody is kept from writing meanwhile, where the database can do that."""
    aside = "CONCURRENTLY" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"CREATE INDEX {aside} IF NOT EXISTS {NAME} ON cases_case ({COLUMNS}) WHERE NOT tallied")


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    aside = "CONCURRENTLY" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"DROP INDEX {aside} IF EXISTS {NAME}")


class Migration(migrations.Migration):
    """The cases that a total still has to visit: the open ones and those closed a moment ago."""

    atomic = False
    dependencies = [("cases", "0008_closed_tally")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(create, drop)],
            state_operations=[
                migrations.AddIndex(
                    "case", models.Index(fields=list(FIELDS), condition=models.Q(tallied=False), name=NAME)
                )
            ],
        )
    ]
