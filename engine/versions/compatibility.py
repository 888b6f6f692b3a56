"""May the new version stand beside the stored answers and last year's figures? One verdict for each difference.

free: nothing stored is touched. allowed: said, with how many stored answers now fail. needs_trend: last year's figures mean something
else, so ``trend`` must be declared. refused: stored answers would lose their meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.methodology import Field, Methodology
from engine.versions.differences import Difference, differences

Counts = Mapping[str, Mapping[str, int]]
"""Stored answers: "level.field" → value as text → how many."""

TEXT_TYPES = ("text", "textarea")
FREE_PARTS = ("label", "hint", "message", "in_words", "source", "prefill", "readonly", "default", "default_formula", "default_if", "section")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``answers``: how many stored answers the difference concerns (0 where none are known). ``reason``: in Romanian and English."""

    difference: Difference
    level: str
    answers: int
    reason: str
    reason_en: str


def judge(old: Methodology, new: Methodology, counts: Counts | None = None) -> tuple[Verdict, ...]:
    """A verdict on every difference, given counts of the answers stored under ``old``."""
    court = _Court(old, new, counts or {})
    return tuple(court.judge(difference) for difference in differences(old, new))


@dataclass(slots=True)
class _Court:
    old: Methodology
    new: Methodology
    counts: Counts

    def judge(self, difference: Difference) -> Verdict:
        judges: dict[str, Callable[[Difference], Verdict]] = {"field": self._field, "choice": self._choice, "indicator": self._result}
        general = self._result if difference.kind in ("scale", "constant", "definition", "group", "calculation", "cohort") else self._free
        return judges.get(difference.kind, general)(difference)

    def _free(self, difference: Difference) -> Verdict:
        return Verdict(difference, "free", 0, "Nu atinge răspunsuri stocate.", "No stored answer is touched.")

    # ---- questions -----------------------------------------------------------------------------------

    def _field(self, difference: Difference) -> Verdict:
        stored = sum(self.counts.get(difference.old or difference.code, {}).values()) if difference.what == "renamed" else (
            sum(self.counts.get(difference.code, {}).values()))  # fmt: skip
        if difference.what == "removed":
            return self._removed(difference, stored)
        if difference.what == "changed" and difference.part == "type":
            return self._type_change(difference, stored)
        if difference.what == "changed" and difference.part in ("min", "max", "max_length", "choices", "required"):
            return self._tightened(difference)
        if difference.what == "added":
            return self._added(difference, stored)
        if difference.what == "renamed":
            return Verdict(
                difference, "allowed", stored, "Redenumit prin „was”; răspunsurile se păstrează.", "Renamed through “was”; answers are kept."
            )
        return self._free(difference)

    def _removed(self, difference: Difference, stored: int) -> Verdict:
        retired = self.new.declared.get("changes", {}).get("retired") or []
        bare = difference.code.rpartition(".")[2]
        if stored == 0 or any(entry.get("code") in (difference.code, bare) for entry in retired):
            return Verdict(
                difference, "allowed", stored, "Scos; răspunsurile vechi rămân la versiunea lor.", "Removed; old answers stay with their version."
            )
        return Verdict(difference, "refused", stored, "Scos fără „retired” sau „was”.", "Removed without “retired” or “was”.")

    def _type_change(self, difference: Difference, stored: int) -> Verdict:
        if difference.new in TEXT_TYPES:
            return Verdict(difference, "allowed", stored, "Orice răspuns se poate citi ca text.", "Any answer can be read as text.")
        return Verdict(difference, "refused", stored, "Tipul unei întrebări nu se schimbă decât în text.", "A question's type changes only to text.")

    def _tightened(self, difference: Difference) -> Verdict:
        failing = self._failing(difference.code)
        reason = "Răspunsurile stocate rămân valabile." if not failing else f"{failing} răspunsuri stocate nu mai respectă limitele."
        reason_en = "Stored answers remain valid." if not failing else f"{failing} stored answers now break the limits."
        return Verdict(difference, "allowed", failing, reason, reason_en)

    def _failing(self, code: str) -> int:
        level, _, name = code.partition(".")
        question = self.new.fields.get(level, {}).get(name)
        if question is None:
            return 0
        return sum(many for value, many in self.counts.get(code, {}).items() if not self._accepts(question, value))

    def _accepts(self, question: Field, value: str) -> bool:
        if question.choices:
            return set(value.split("|")) <= set(self.new.choices[question.choices].index)
        if question.type in ("integer", "decimal", "number"):
            number = Fraction(value.replace(",", "."))
            low, high = question.minimum, question.maximum
            return (low is None or number >= low) and (high is None or number <= high)
        return question.max_length is None or len(value) <= question.max_length

    def _added(self, difference: Difference, stored: int) -> Verdict:
        level, _, name = difference.code.partition(".")
        if self.new.fields[level][name].required:
            return Verdict(difference, "allowed", stored, "Întrebare nouă, obligatorie.", "A new, required question.")
        return self._free(difference)

    # ---- choices -------------------------------------------------------------------------------------

    def _choice(self, difference: Difference) -> Verdict:
        listed, _, code = difference.code.partition(".")
        stored = sum(
            many
            for field_code, values in self.counts.items()
            for value, many in values.items()
            if code in value.split("|") and self._list_of(field_code) == listed
        )
        if difference.what == "removed" and stored and not self._recoded(listed, code):
            return Verdict(difference, "refused", stored, "Un cod cu răspunsuri stocate se scoate numai cu recodare.",
                           "A code with stored answers is removed only with a recode.")  # fmt: skip
        return Verdict(difference, "free" if difference.what == "changed" else "allowed", stored, "Lista de alegeri s-a schimbat.",
                       "The list of choices changed.")  # fmt: skip

    def _list_of(self, field_code: str) -> str:
        level, _, name = field_code.partition(".")
        question = self.old.fields.get(level, {}).get(name)
        return question.choices if question is not None else ""

    def _recoded(self, listed: str, code: str) -> bool:
        """A recode of some question of the list maps (or asks again) this old code."""
        for entry in self.new.declared.get("changes", {}).get("recode") or []:
            questions = (fields.get(str(entry.get("field"))) for fields in self.new.fields.values())
            lists = {question.choices for question in questions if question is not None}
            if listed in lists and code in (entry.get("map") or {}):
                return True
        return False

    # ---- results -------------------------------------------------------------------------------------

    def _result(self, difference: Difference) -> Verdict:
        if difference.part in FREE_PARTS or difference.what == "added":
            return self._free(difference)
        touched = [code for code in difference.touches if code in self.new.indicators]
        undeclared = [code for code in touched if not self._trend(code)]
        if undeclared:
            listed = ", ".join(undeclared[:5]) + (" …" if len(undeclared) > 5 else "")
            return Verdict(difference, "needs_trend", 0, f"Declarați „trend” (comparable sau break) pentru: {listed}.",
                           f"Declare “trend” (comparable or break) for: {listed}.")  # fmt: skip
        return Verdict(difference, "allowed", 0, "Permis între campanii; tendința este declarată.", "Allowed between rounds; the trend is declared.")

    def _trend(self, code: str) -> str:
        """The declared trend of an indicator: its own, or through a pattern of the changes."""
        indicator = self.new.indicators[code]
        if indicator.trend:
            return indicator.trend
        changes: Mapping[str, Any] = self.new.declared.get("changes", {}).get("indicators") or {}
        for group in ("formula_changed", "constant_changed", "renamed"):
            for entry in changes.get(group) or []:
                pattern = str(entry.get("match") or entry.get("code") or entry.get("new") or "")
                if code in (entry.get("affects") or ()) or _matches(pattern, code):
                    return str(entry.get("trend") or "")
        return ""


def _matches(pattern: str, code: str) -> bool:
    """``*.*.5`` matches A.ROM.5: a star stands for one part, at the end for any number of parts."""
    wanted, parts = pattern.split("."), code.split(".")
    return len(wanted) == len(parts) and all(star in ("*", part) for star, part in zip(wanted, parts, strict=True))


def breaks(new: Methodology) -> tuple[str, ...]:
    """Codes of the indicators whose trend breaks at this version."""
    court = _Court(new, new, {})
    return tuple(code for code in new.indicators if court._trend(code) == "break")
