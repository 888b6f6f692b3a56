"""The catalogue of problems: every code the engine can report, one module a stage. ``python -m engine.catalogue`` prints the page."""

from engine.catalogue import answers, data, formulas, graph, kinds, names, reading, structure
from engine.catalogue.entry import Entry

MODULES = (reading, structure, formulas, names, kinds, graph, data, answers)


def _joined() -> dict[str, Entry]:
    joined: dict[str, Entry] = {}
    for module in MODULES:
        for entry in module.ENTRIES:
            if entry.code in joined:
                raise ValueError(f"the code {entry.code} stands twice in the catalogue")
            joined[entry.code] = entry
    return joined


CATALOGUE: dict[str, Entry] = _joined()

__all__ = ["CATALOGUE", "Entry"]
