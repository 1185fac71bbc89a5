from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COLUMNS = ("received_at", "decided_at")


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Rows lie in the order of time: a few kilobytes tell which pages hold a span of days (decision 7)."""
    if editor.connection.vendor == "postgresql":
        for column in COLUMNS:
            editor.execute(
                f"CREATE INDEX CONCURRENTLY IF NOT EXISTS case_span_{column} ON cases_case USING brin ({column})"
            )


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for column in COLUMNS:
            editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS case_span_{column}")


class Migration(migrations.Migration):
    """What the daily duties over sets look for, where the database has such indexes; nobody is kept from writing."""

    atomic = False
    dependencies = [("cases", "0005_application_received")]
    operations = [migrations.RunPython(create, drop)]
