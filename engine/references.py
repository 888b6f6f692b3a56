"""References of reports and changes into the rest of a methodology."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.declarations import Declarations
from engine.entries import Entry
from engine.methodology import Form, Indicator


def check(declared: Declarations, indicators: Mapping[str, Indicator], forms: tuple[Form, ...]) -> None:
    """Report names in the reports that nothing declares."""
    steps = [step.code for form in forms for step in form.steps] + ["table"]
    for source in declared.sources:
        reports = source.data.get("reports") if isinstance(source.data, dict) else None
        for name, sections in reports.items() if isinstance(reports, dict) else ():
            for index, data in enumerate(sections if isinstance(sections, list) else []):
                if isinstance(data, dict):
                    _check_section(declared, Entry(data, source, ("reports", name, index)), list(declared.by_code["indicators"]), steps)


def _check_section(declared: Declarations, entry: Entry, indicators: list[str], steps: list[str]) -> None:
    for key, kind, known in (("indicators", "indicator", indicators), ("form_steps", "step", steps)):
        listed: Any = entry.data.get(key)
        for index in range(len(listed) if isinstance(listed, list) else 0):
            declared.known(entry, (key, index), kind, known)
    declared.known(entry, ("section",), "section", declared.sections)
