"""The sections of a methodology as the workflow sees them: those that every unit answers, and the extended part, which is asked for."""

from __future__ import annotations

from engine.methodology import Methodology


def required_sections(methodology: Methodology) -> frozenset[str]:
    return frozenset(section.code for section in methodology.sections if section.required)


def extended_sections(methodology: Methodology) -> frozenset[str]:
    return frozenset(section.code for section in methodology.sections if not section.required)


def writing_act(methodology: Methodology, section: str) -> str:
    """The act by which answers of a section are written."""
    return "fill" if section in required_sections(methodology) else "fill_extended"
