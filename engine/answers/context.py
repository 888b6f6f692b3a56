"""What lies around the answers that are looked at: they are judged together with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.methodology import Methodology
from engine.responses import Document, Places


@dataclass(frozen=True, slots=True)
class Context:
    """All of it may be left out; a condition or default that needs what is not here is missing.

    ``places``: the places above (and around, where a condition asks for them), as ``build_dataset`` takes them; whoever counts or adds up
    places counts those that are given. ``place``: which of
    ``places[level]`` is looked at, when they are given. ``stored``: the answers already kept, which what is submitted overrides; read-only
    fields keep theirs. ``network`` and ``previous``: what prefill draws on, the register and last year's answers.
    """

    places: Mapping[str, Places] = field(default_factory=dict)
    place: int = 0
    stored: Document = field(default_factory=dict)
    network: Document = field(default_factory=dict)
    previous: Document = field(default_factory=dict)


NOTHING_AROUND = Context()


def around(methodology: Methodology, answers: Mapping[str, Document]) -> dict[str, Places]:
    """One place a level, with all its answers in one document: the chain of places above something."""
    return {level: alone(methodology, document) for level, document in answers.items()}


def alone(methodology: Methodology, document: Document) -> Places:
    """One place whose sections have all come."""
    return Places(answers={section: [document] for section in sections_of(methodology)})


def among(places: Places, place: int, document: Document) -> Places:
    """The same places, one of them with other answers."""
    answers = {section: [*listed[:place], document, *listed[place + 1 :]] for section, listed in places.answers.items()}
    return replace(places, answers=answers)


def sections_of(methodology: Methodology) -> list[str]:
    return ["", *(section.code for section in methodology.sections)]
