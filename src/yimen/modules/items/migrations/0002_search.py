from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE items_search USING fts5(words, content='items_searchentry', content_rowid='item_id', "
    "tokenize=\"unicode61 remove_diacritics 0\", detail='none', prefix='1 2 3')",
    "CREATE TRIGGER items_search_added AFTER INSERT ON items_searchentry BEGIN "
    "INSERT INTO items_search(rowid, words) VALUES (new.item_id, new.words); END",
    "CREATE TRIGGER items_search_removed AFTER DELETE ON items_searchentry BEGIN "
    "INSERT INTO items_search(items_search, rowid, words) VALUES ('delete', old.item_id, old.words); END",
    "CREATE TRIGGER items_search_changed AFTER UPDATE OF words ON items_searchentry BEGIN "
    "INSERT INTO items_search(items_search, rowid, words) VALUES ('delete', old.item_id, old.words); "
    "INSERT INTO items_search(rowid, words) VALUES (new.item_id, new.words); END",
)
POSTGRESQL = (
    # A function that the planner knows to be dear (it does not unfold it) and may not share out: else it
    # reads the whole table for common words, or starts workers for a few milliseconds of work.
    "CREATE FUNCTION items_tokens(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE COST 5000 "
    "AS $$ BEGIN RETURN array_to_tsvector(string_to_array(words, ' ')); END $$",
    "CREATE INDEX items_search ON items_searchentry USING gin (items_tokens(words)) WITH (fastupdate = off)",
)
UNDO = {
    "sqlite": (
        "DROP TRIGGER items_search_added",
        "DROP TRIGGER items_search_removed",
        "DROP TRIGGER items_search_changed",
        "DROP TABLE items_search",
    ),
    "postgresql": ("DROP INDEX items_search", "DROP FUNCTION items_tokens(text)"),
}


def build(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("items", "0001_initial")]
    operations = [migrations.RunPython(build, undo)]
