"""The database itself refuses to change a published methodology or its files.

On SQLite deletion is refused by the models only: emptying a database between tests is a plain DELETE there. What a round uses
cannot be deleted on either database, and a file that is missing is found by the digest when the methodology is loaded.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

VERSION = "rounds_methodologyversion"
FILE = "rounds_methodologyfile"
PUBLISHED = f"EXISTS (SELECT 1 FROM {VERSION} WHERE id = {{row}}.version_id AND published_at IS NOT NULL)"  # noqa: S608
MESSAGE = "a published methodology never changes"

SQLITE = [
    f"CREATE TRIGGER version_frozen BEFORE UPDATE ON {VERSION} WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    f"CREATE TRIGGER file_frozen BEFORE UPDATE ON {FILE} WHEN {PUBLISHED.format(row='OLD')} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    f"CREATE TRIGGER file_late BEFORE INSERT ON {FILE} WHEN {PUBLISHED.format(row='NEW')} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
]
POSTGRESQL = [
    f"""CREATE FUNCTION refuse_frozen_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.published_at IS NOT NULL THEN RAISE EXCEPTION '{MESSAGE}'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$""",
    f"""CREATE FUNCTION refuse_frozen_file() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND {PUBLISHED.format(row="OLD")} THEN RAISE EXCEPTION '{MESSAGE}'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF {PUBLISHED.format(row="NEW")} THEN RAISE EXCEPTION '{MESSAGE}'; END IF;
        RETURN NEW;
    END $$""",
    f"CREATE TRIGGER version_frozen BEFORE UPDATE OR DELETE ON {VERSION} FOR EACH ROW EXECUTE FUNCTION refuse_frozen_version()",
    f"CREATE TRIGGER file_frozen BEFORE INSERT OR UPDATE OR DELETE ON {FILE} FOR EACH ROW EXECUTE FUNCTION refuse_frozen_file()",
]
REMOVED = {
    "sqlite": ["DROP TRIGGER version_frozen", "DROP TRIGGER file_frozen", "DROP TRIGGER file_late"],
    "postgresql": [
        f"DROP TRIGGER version_frozen ON {VERSION}",
        f"DROP TRIGGER file_frozen ON {FILE}",
        "DROP FUNCTION refuse_frozen_version()",
        "DROP FUNCTION refuse_frozen_file()",
    ],
}


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVED[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("rounds", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
