"""The worked example, stored as a round, gives the figures it expects: from the database to what is published."""

from __future__ import annotations

import pytest

from engine.examples.run import compare
from portal.collection import freezing
from portal.collection.computing import compute
from tests.portal import worked_round

pytestmark = pytest.mark.django_db


def test_a_stored_round_publishes_the_expected_figures() -> None:
    worked, wanted = worked_round.build(), worked_round.expected()
    computed = compute(worked.county)
    for key, unit in worked.units.items():
        got = freezing.figures_of(computed, unit)
        for code, figure in wanted["units"][key]["indicators"].items():
            shown = {name: got[code].get(name) for name in figure}
            assert compare(figure, shown, f"{key}.{code}") == []
        assert got.keys() == wanted["units"][key]["indicators"].keys()


def test_the_checks_of_a_stored_round_fire_where_expected() -> None:
    """Two of them look at last year's numbers, which another methodology kept."""
    worked, wanted = worked_round.build(), worked_round.expected()
    worked_round.close_year_before(worked)
    computed = compute(worked.school)
    for key, unit in worked.units.items():
        got = [(fired.check.code, key if fired.check.level == "unit" else fired.key) for fired in computed.fired(unit)]
        assert got == [(one["code"], one["where"]) for one in wanted["units"][key]["validations"]]
