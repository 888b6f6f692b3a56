"""Paths of places: ids from the top down (``/1/7/120/``), so that everything below a place is everything that begins with its path."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import StartsWith
from django.db.models.sql.compiler import SQLCompiler


class PathField(models.CharField):  # type: ignore[type-arg]
    """Text of which every database finds by its index what begins with a given text. In the database it is a plain text column."""

    def deconstruct(self) -> Any:
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options


@PathField.register_lookup
class BeginsWith(StartsWith):
    """``path__startswith``. SQLite does not use an index for LIKE: there it is a range, from the prefix to whatever would come after all its like."""

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        prefix = self.rhs
        if not isinstance(prefix, str) or not prefix:
            sql, parameters = super().as_sql(compiler, connection)
            return sql, list(parameters)
        left, parameters = self.process_lhs(compiler, connection)
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        return f"({left} >= %s AND {left} < %s)", [*parameters, prefix, *parameters, after]
