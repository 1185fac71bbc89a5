from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE registration_search USING fts5(words, content='registration_searchentry', "
    "content_rowid='entity_id', tokenize=\"unicode61 remove_diacritics 0\", detail='none')",
    "CREATE TRIGGER registration_search_added AFTER INSERT ON registration_searchentry BEGIN "
    "INSERT INTO registration_search(rowid, words) VALUES (new.entity_id, new.words); END",
    "CREATE TRIGGER registration_search_removed AFTER DELETE ON registration_searchentry BEGIN "
    "INSERT INTO registration_search(registration_search, rowid, words) VALUES ('delete', old.entity_id, old.words); END",
    "CREATE TRIGGER registration_search_changed AFTER UPDATE OF words ON registration_searchentry BEGIN "
    "INSERT INTO registration_search(registration_search, rowid, words) VALUES ('delete', old.entity_id, old.words); "
    "INSERT INTO registration_search(rowid, words) VALUES (new.entity_id, new.words); END",
)
POSTGRESQL = (
    # Serials outside transactions: nobody waits for them and no rollback returns one.
    "CREATE SEQUENCE registration_code_block MINVALUE 0 START 0 INCREMENT 100",
    # A function that the planner knows to be dear, or it reads the whole table for common words.
    "CREATE FUNCTION registration_tokens(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE COST 5000 "
    "AS $$ BEGIN RETURN array_to_tsvector(string_to_array(words, ' ')); END $$",
    "CREATE INDEX registration_search ON registration_searchentry USING gin (registration_tokens(words)) "
    "WITH (fastupdate = off)",
)
UNDO = {
    "sqlite": (
        "DROP TRIGGER registration_search_added",
        "DROP TRIGGER registration_search_removed",
        "DROP TRIGGER registration_search_changed",
        "DROP TABLE registration_search",
    ),
    "postgresql": (
        "DROP INDEX registration_search",
        "DROP FUNCTION registration_tokens(text)",
        "DROP SEQUENCE registration_code_block",
    ),
}


def build(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_initial")]
    operations = [migrations.RunPython(build, undo)]
