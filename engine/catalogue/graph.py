"""Problems of dependencies: values that need themselves."""

from engine.catalogue.entry import Entry

ENTRIES: tuple[Entry, ...] = (
    Entry("G401", "error", "Formula se folosește pe ea însăși: {cycle}.", "The formula uses itself: {cycle}.",
          "Rupeți cercul: una dintre formule nu are voie să o folosească pe cealaltă.", "Break the circle: one of the formulas may not use the other.", "a = b + 1, b = a + 1"),
    Entry("G402", "error", "Nivelurile sunt fiecare deasupra celuilalt: {cycle}.", "Levels lie above each other: {cycle}.",
          "Corectați „parents”.", "Correct “parents”.", "a: {parents: {b: x}}, b: {parents: {a: y}}"),
    Entry("G403", "error", "Formula lui „{name}”, cu definițiile pe care le folosește, este imbricată mai adânc decât limita de {limit}.", "The formula of “{name}”, with the definitions it uses, is nested deeper than the limit of {limit}.",
          "Împărțiți-o în mai multe calcule.", "Divide it into several calculations.", "d1(x) = x + 1, d2(x) = d1(x) + 1, …"),
    Entry("G404", "error", "Metodologia are {found} {kind}; limita este {limit}.", "The methodology has {found} {kind_en}; the limit is {limit}.",
          "Scurtați metodologia.", "Shorten the methodology.", ""),
)  # fmt: skip
