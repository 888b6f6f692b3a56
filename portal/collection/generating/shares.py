"""How likely the pupils of each class belong to a group: from the county over localities and units to classes.

Most localities, units and parallel classes are alike; in some the pupils of a group are concentrated. One number says how alike: the
concentration of a beta distribution around the share above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.collection.generating import magnitudes

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shares:
    """``community_*`` by unit, of its locality; the rest by class. ``wealth``: in standard deviations; ``back``: how strongly the weak sit behind."""

    community_roma: Floats
    community_hungarian: Floats
    roma: Floats
    hungarian: Floats
    sen: Floats
    wealth: Floats
    back: Floats


def draw(
    chance: np.random.Generator, county: str, localities: Sequence[str], urban: NDArray[np.bool_], special: NDArray[np.bool_], of_unit: NDArray[Any]
) -> Shares:
    """``localities``, ``urban`` and ``special`` by unit; ``of_unit``: the unit of each class."""
    usual = magnitudes.read()
    hungarian, roma = usual["counties"].get(county, usual["counties"]["other"])
    _, place = np.unique(np.array(localities, object).astype(str), return_inverse=True)
    places, units = int(place.max(initial=-1)) + 1, len(localities)
    community_roma = around(chance, np.full(places, roma), np.full(places, usual["concentration"]["localities"]))[place]
    community_hungarian = around(chance, np.full(places, hungarian), np.full(places, usual["concentration"]["localities"]))[place]
    apart = chance.random(units) < usual["segregated"]["units"]
    of_units = around(chance, community_roma, np.where(apart, *reversed(usual["concentration"]["units"])))
    divided = (chance.random(units) < usual["segregated"]["classes"])[of_unit]
    alike = np.where(divided, *reversed(usual["concentration"]["classes"]))
    sen = around(chance, np.where(special, usual["sen"]["special"], usual["sen"]["usual"]), np.full(units, usual["sen"]["concentration"]))
    behind = chance.random(units) < usual["segregated"]["benches"]
    return Shares(
        community_roma, community_hungarian, around(chance, of_units[of_unit], alike), community_hungarian[of_unit],
        around(chance, sen[of_unit], alike),
        (np.where(urban, 0.35, -0.25) + chance.normal(0, 0.5, units))[of_unit] + np.where(divided, 0.6, 0.1) * chance.normal(0, 1, len(of_unit)),
        np.where(behind, chance.uniform(0.5, 1.5, units), 0.0)[of_unit],
    )  # fmt: skip


def around(chance: np.random.Generator, share: Floats, alike: NDArray[Any]) -> Floats:
    """Shares around others; the higher ``alike``, the nearer."""
    middle = np.clip(share, 0.001, 0.98)
    return np.asarray(chance.beta(middle * alike, (1 - middle) * alike), np.float64)
