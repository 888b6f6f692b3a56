"""Shared by the tests of rounds."""

from __future__ import annotations

import pytest

from portal.accounts.models import Membership, User
from portal.collection.authors import Author
from portal.collection.models import Collection
from portal.collection.services import tables
from tests.portal import small_round, worked_round
from tests.portal.small_round import SmallRound
from tests.portal.worked_round import WorkedRound


@pytest.fixture
def small(db: None) -> SmallRound:
    """Two counties, the first with a school of two units."""
    return small_round.build()


@pytest.fixture
def worked(db: None) -> WorkedRound:
    """A round whose units are filled and final, as in the worked example."""
    return worked_round.build()


@pytest.fixture
def manager(worked: WorkedRound) -> User:
    """The manager of U1."""
    user = User.objects.create_user("manager@example.org", "Ana Pop")
    place = worked.units["U1"].place
    assert place is not None
    Membership.objects.create(user=user, place=place, role="unit_manager")
    return user


@pytest.fixture
def school_class(worked: WorkedRound, manager: User) -> Collection:
    """A class of U1 with benches and without Roma pupils, whose table may be written."""
    of_unit = [one for key, one in worked.classes.items() if key[0] == "U1"]
    found = next(one for one in of_unit if all(row.get("bench") and row["ethnicity"] == "romanian" for row in tables.stored_rows(one)[0][:5]))
    tables.give_back(found, Author(user=manager), "Corectați.")
    return Collection.objects.get(pk=found.pk)
