"""What of a migration would break the version that still runs while it is applied (``docs/how-to/operate.md``, two steps).

``python -m tools.migrations`` at a release writes down which migrations it has; those that come later are checked.
"""

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED, Field, ManyToManyField

RELEASED = Path(__file__).resolve().parent.parent / "tests" / "architecture" / "released_migrations.json"
TAKEN_AWAY = (
    migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable,
    migrations.RemoveConstraint,
)  # fmt: skip
LOCKING = (
    migrations.AddIndex,
    migrations.AddConstraint,
    migrations.AlterUniqueTogether,
    migrations.RenameIndex,
)
_DROPS = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN)|RENAME|SET\s+NOT\s+NULL|ALTER\s+COLUMN\s+\w+\s+TYPE)\b", re.IGNORECASE
)


def dangers(migration: migrations.Migration) -> list[str]:
    """What would hurt, one line each; a migration excuses a line with a reason in ``two_steps = {line: reason}``.

    Args:
        migration: one that the last release does not have.
    """
    made: set[str] = set()
    found: list[str] = []
    for operation in _all(migration.operations):
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name.lower())
        elif _model_of(operation) not in made:
            found += _dangers_of(operation)
    excused = getattr(migration, "two_steps", {})
    return [line for line in found if not excused.get(line)]


def _all(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _all(operation.database_operations)
        else:
            yield operation


def _model_of(operation: Operation) -> str:
    return str(getattr(operation, "model_name", "") or getattr(operation, "name", "")).lower()


def _dangers_of(operation: Operation) -> list[str]:
    kind, model = type(operation).__name__, _model_of(operation)
    name = getattr(operation, "name", "")
    line = f"{kind} {model}{f'.{name}' if name and str(name).lower() != model else ''}"
    if isinstance(operation, TAKEN_AWAY):
        return [f"{line}: the version that still runs uses it"]
    if isinstance(operation, migrations.AddField) and _must_be_given(operation.field):
        return [f"{line}: the version that still runs does not fill it (null=True or db_default)"]
    if isinstance(operation, migrations.AlterField):
        return [f"{line}: may rewrite the table, or refuse what the version that still runs writes"]
    if isinstance(operation, LOCKING):
        return [f"{line}: keeps everybody from writing while it is built"]
    if isinstance(operation, migrations.RunSQL) and _DROPS.search(str(operation.sql)):
        return [f"{line}: takes something away"]
    return []


def _must_be_given(field: "Field[object, object]") -> bool:
    return not (field.null or isinstance(field, ManyToManyField) or field.db_default is not NOT_PROVIDED)


def ours() -> dict[str, migrations.Migration]:
    """All migrations of the product by ``app.name``."""
    found = MigrationLoader(None).disk_migrations
    return {
        f"{app}.{name}": m
        for (app, name), m in sorted(found.items())
        if type(m).__module__.startswith("yimen.")
    }


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="yimen-released-") as folder:
        os.environ.update(YIMEN_DATA=folder, DJANGO_SETTINGS_MODULE="yimen.site.settings")
        django.setup()
        RELEASED.write_text(json.dumps(list(ours()), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
