"""Problems of dependencies: values that need themselves."""

from engine.catalogue.entry import Entry

ENTRIES: tuple[Entry, ...] = (
    Entry("G401", "error", "Formula se folosește pe ea însăși: {path}.", "The formula uses itself: {path}.",
          "Rupeți cercul: una dintre formule nu are voie să o folosească pe cealaltă.", "Break the circle: one of the formulas may not use the other.", "a = b + 1, b = a + 1"),
    Entry("G402", "error", "Nivelurile sunt fiecare deasupra celuilalt: {path}.", "Levels lie above each other: {path}.",
          "Corectați „parents”.", "Correct “parents”.", "a: {parents: {b: x}}, b: {parents: {a: y}}"),
    Entry("G403", "error", "Lanțul de formule este prea lung: peste {limit} pași de la „{name}”.", "The chain of formulas is too long: more than {limit} steps from “{name}”.",
          "Scurtați lanțul.", "Shorten the chain.", "a1 = a2 + 1, a2 = a3 + 1, …"),
)  # fmt: skip
