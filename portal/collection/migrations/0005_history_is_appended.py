"""The database itself refuses to change the history; on PostgreSQL also to delete from it.

On SQLite the next but one migration does that.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EVENT = "collection_event"
MESSAGE = "history is only appended to"

SQLITE = [f"CREATE TRIGGER event_appended BEFORE UPDATE ON {EVENT} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"]
POSTGRESQL = [
    f"CREATE FUNCTION refuse_changed_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
    f"CREATE TRIGGER event_appended BEFORE UPDATE OR DELETE ON {EVENT} FOR EACH ROW EXECUTE FUNCTION refuse_changed_event()",
]
REMOVED = {
    "sqlite": ["DROP TRIGGER event_appended"],
    "postgresql": [f"DROP TRIGGER event_appended ON {EVENT}", "DROP FUNCTION refuse_changed_event()"],
}


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVED[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("collection", "0004_partial_returns_and_batches")]
    operations = [migrations.RunPython(add, remove)]
