"""The database refuses to delete history on SQLite as well."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEPT = "CREATE TRIGGER event_kept BEFORE DELETE ON collection_event BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END"


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(KEPT, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER event_kept")


class Migration(migrations.Migration):
    dependencies = [("collection", "0006_received_and_on_time")]
    operations = [migrations.RunPython(add, remove)]
