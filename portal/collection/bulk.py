"""Rows made from other rows inside the database: one statement, whatever their number."""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.db.models import Value


def insert(model: type[models.Model], source: models.QuerySet[Any], **columns: Any) -> int:
    """Inserts a row of ``model`` for every row of ``source``; gives how many. ``columns``: expressions over ``source``, by field.

    Other columns take the defaults of the model. Nothing is validated and no signal is sent.
    """
    wanted = {field: columns[field.name] for field in model._meta.concrete_fields if field.name in columns}
    others = (field for field in model._meta.concrete_fields if not (field in wanted or field.null or field.primary_key or field.generated))
    wanted |= {field: Value(field.get_default(), field) for field in others}
    chosen = {f"new_{field.name}": expression for field, expression in wanted.items()}
    sql, parameters = source.order_by().annotate(**chosen).values_list(*chosen).query.get_compiler(connection=connection, elide_empty=False).as_sql()
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) {sql}", parameters)
        return int(cursor.rowcount)
