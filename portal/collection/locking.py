"""Locks along the chain, so that a save and a freeze of any place above never both win.

PostgreSQL: transaction-level advisory locks, taken from the top down. A save holds them shared on the whole chain; an act that changes the
state of a place holds that place's exclusively and those above shared. SQLite: every transaction is immediate, one writer at a time.
States are read after the locks are held.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from portal.collection.models import Collection
from portal.collection.permissions import chain_rows

SPACE = 7301
"""Our advisory locks among those of other programs on the same database."""


@contextmanager
def chain_locked(collection: Collection, exclusive: bool) -> Iterator[list[Collection]]:
    """One transaction with the chain locked; gives its rows as they are now, lowest first."""
    with transaction.atomic():
        ids = collection.chain_ids
        if connection.vendor == "postgresql":
            kinds = ["" if exclusive and pk == ids[-1] else "_shared" for pk in ids]
            locks = ", ".join(f"pg_advisory_xact_lock{kind}(%s, %s)" for kind in kinds)  # taken in the order in which they are named
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {locks}", [number for pk in ids for number in (SPACE, pk)])
        yield chain_rows(collection)
