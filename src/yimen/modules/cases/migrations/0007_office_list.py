from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COLUMNS = {"case_office": "organisation_id, id DESC, state", "case_organisation": "organisation_id, id DESC"}


def _exchange(editor: BaseDatabaseSchemaEditor, new: str, old: str) -> None:
    """Nobody is kept from writing meanwhile, where the database can do that."""
    aside = "CONCURRENTLY" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"CREATE INDEX {aside} IF NOT EXISTS {new} ON cases_case ({COLUMNS[new]})")
    editor.execute(f"DROP INDEX {aside} IF EXISTS {old}")


def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _exchange(editor, "case_office", "case_organisation")


def backwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _exchange(editor, "case_organisation", "case_office")


class Migration(migrations.Migration):
    """The list of an office and its exact total from one index, without a look at the rows that are only counted."""

    atomic = False
    dependencies = [("cases", "0006_spans_of_days")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards, backwards)],
            state_operations=[
                migrations.AddIndex(
                    "case", models.Index(fields=["organisation", "-id", "state"], name="case_office")
                ),
                migrations.RemoveIndex("case", "case_organisation"),
            ],
        )
    ]
