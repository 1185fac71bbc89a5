"""New migrations leave alone what the version that still runs needs: an upgrade stops nobody."""

import json

import pytest
from django.db import migrations, models

from tools.migrations import RELEASED, dangers, ours


def test_no_new_migration_breaks_the_last_release() -> None:
    released = set(json.loads(RELEASED.read_text(encoding="utf-8")))
    found = {name: lines for name, m in ours().items() if name not in released and (lines := dangers(m))}
    assert found == {}


def test_no_released_migration_is_gone() -> None:
    assert set(json.loads(RELEASED.read_text(encoding="utf-8"))) <= set(ours())


def of(*operations, **more) -> list[str]:
    made = type("Migration", (migrations.Migration,), {"operations": list(operations), **more})
    return dangers(made("0099_new", "cases"))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("case", "number"),
        migrations.DeleteModel("case"),
        migrations.RenameField("case", "number", "no"),
        migrations.RenameModel("case", "matter"),
        migrations.AddField("case", "note", models.TextField(default="")),
        migrations.AlterField("case", "number", models.CharField(max_length=5)),
        migrations.AddIndex("case", models.Index(fields=["number"], name="x")),
        migrations.RunSQL("ALTER TABLE cases_case DROP COLUMN number"),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.DeleteModel("case")]),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_takes_away_or_locks_is_found(operation) -> None:
    [line] = of(operation)
    assert of(operation, two_steps={line: "nothing has read it since 0.1"}) == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("note", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("case", "note", models.TextField(null=True)),
        migrations.AddField("case", "note", models.TextField(db_default="")),
        migrations.RunSQL("UPDATE cases_case SET note = ''"),
    ],
)
def test_what_only_adds_may_come(operation) -> None:
    assert of(operation) == []


def test_an_index_of_a_new_table_locks_nobody() -> None:
    made = migrations.CreateModel("note", [("id", models.BigAutoField(primary_key=True))])
    assert of(made, migrations.AddIndex("note", models.Index(fields=["id"], name="y"))) == []
