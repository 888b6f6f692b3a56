"""The database itself refuses to change the history of accounts. (On SQLite not to delete from it: emptying a database between tests is a plain
DELETE there.)"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EVENT = "accounts_accountevent"
MESSAGE = "the history of accounts never changes"
ADDED = {
    "sqlite": [f"CREATE TRIGGER account_event_kept BEFORE UPDATE ON {EVENT} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"],
    "postgresql": [
        f"CREATE FUNCTION refuse_account_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
        f"CREATE TRIGGER account_event_kept BEFORE UPDATE OR DELETE ON {EVENT} FOR EACH ROW EXECUTE FUNCTION refuse_account_event()",
    ],
}
REMOVED = {
    "sqlite": ["DROP TRIGGER account_event_kept"],
    "postgresql": [f"DROP TRIGGER account_event_kept ON {EVENT}", "DROP FUNCTION refuse_account_event()"],
}


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in ADDED[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVED[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_account_events")]
    operations = [migrations.RunPython(add, remove)]
