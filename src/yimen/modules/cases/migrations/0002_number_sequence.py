from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE SEQUENCE cases_number_block START 1 INCREMENT 50")


def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP SEQUENCE cases_number_block")


class Migration(migrations.Migration):
    """Blocks of serials outside transactions, where the database can give them."""

    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
