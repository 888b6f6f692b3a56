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


def hold(*locks: tuple[int, bool]) -> None:
    """Until the end of the transaction: collections, each alone or (False) together with others that only share it; taken in this order."""
    if connection.vendor == "postgresql" and locks:
        calls = ", ".join(f"pg_advisory_xact_lock{'' if alone else '_shared'}(%s, %s)" for _pk, alone in locks)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {calls}", [number for pk, _alone in locks for number in (SPACE, pk)])


@contextmanager
def chain_locked(collection: Collection, exclusive: bool) -> Iterator[list[Collection]]:
    """One transaction with the chain locked; gives its rows as they are now, lowest first."""
    with transaction.atomic():
        hold(*((pk, exclusive and pk == collection.pk) for pk in collection.chain_ids))
        yield chain_rows(collection)
