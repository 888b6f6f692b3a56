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
from engine.references import matches
from engine.versions.differences import UNSEEN, Difference, differences

Counts = Mapping[str, Mapping[str, int]]
"""Stored answers: "level.field" → value as text → how many."""

TEXT_TYPES = ("text", "textarea")
FREE_PARTS = frozenset((*UNSEEN, "order", "prefill", "readonly", "default", "default_formula", "default_if", "section", "step", "fields"))
LIMITS = ("min", "max", "max_length", "max_places", "required")
RESULTS = ("scale", "constant", "definition", "group", "calculation", "cohort", "indicator")


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
        judges: dict[str, Callable[[Difference], Verdict]] = {"field": self._field, "choice": self._choice}
        general = self._result if difference.kind in RESULTS else self._free
        returned = self._returned(difference)
        return returned or judges.get(difference.kind, general)(difference)

    def _free(self, difference: Difference) -> Verdict:
        return Verdict(difference, "free", 0, "Nu atinge răspunsuri stocate.", "No stored answer is touched.")

    def _returned(self, difference: Difference) -> Verdict | None:
        """A code that was retired or renamed away does not come back with another meaning."""
        bare = difference.code.rpartition(".")[2]
        if difference.what != "added" or difference.kind not in ("field", "choice", "indicator", "check"):
            return None
        code = bare if difference.kind == "field" else difference.code
        if code not in self._gone(difference.kind) or (difference.kind == "choice" and self._recoded(*difference.code.split(".", 1))):
            return None
        return Verdict(difference, "refused", 0, "Codul a mai fost folosit și a fost scos; nu se întoarce cu alt înțeles.",
                       "The code was used before and retired; it does not return with another meaning.")  # fmt: skip

    def _gone(self, kind: str) -> set[str]:
        """Codes of a kind that earlier versions retired, or that lie behind a ``was:`` of the old version."""
        found = {str(e["code"]) for m in (self.old, self.new) for e in changes_of(m).get("retired") or [] if e.get("kind") == kind}
        if kind == "field":
            found |= {field.was for fields in self.old.fields.values() for field in fields.values() if field.was}
        if kind == "indicator":
            found |= {indicator.was for indicator in self.old.indicators.values() if indicator.was}
        return found

    # ---- questions -----------------------------------------------------------------------------------

    def _field(self, difference: Difference) -> Verdict:
        answers = self._answers(difference)
        stored = sum(answers.values())
        if difference.what == "removed":
            return self._removed(difference, stored)
        if difference.what == "added":
            return self._added(difference, stored)
        if difference.what == "renamed":
            return Verdict(
                difference, "allowed", stored, "Redenumit prin „was”; răspunsurile se păstrează.", "Renamed through “was”; answers are kept."
            )
        if difference.part == "type":
            return self._type_change(difference, stored)
        if difference.part == "choices":
            return self._other_list(difference, stored)
        return self._tightened(difference, answers) if difference.part in LIMITS else self._free(difference)

    def _answers(self, difference: Difference) -> Mapping[str, int]:
        """Stored answers of a question, under the code it had."""
        level, _, name = difference.code.partition(".")
        question = self.new.fields.get(level, {}).get(name)
        was = f"{level}.{question.was}" if question is not None and question.was else ""
        return self.counts.get(difference.old if difference.what == "renamed" else was) or self.counts.get(difference.code, {})

    def _removed(self, difference: Difference, stored: int) -> Verdict:
        bare = difference.code.rpartition(".")[2]
        if stored == 0 or any(entry.get("code") in (difference.code, bare) for entry in changes_of(self.new).get("retired") or []):
            return Verdict(
                difference, "allowed", stored, "Scos; răspunsurile vechi rămân la versiunea lor.", "Removed; old answers stay with their version."
            )
        return Verdict(difference, "refused", stored, "Scos fără „retired” sau „was”.", "Removed without “retired” or “was”.")

    def _type_change(self, difference: Difference, stored: int) -> Verdict:
        if difference.new in TEXT_TYPES:
            return Verdict(difference, "allowed", stored, "Orice răspuns se poate citi ca text.", "Any answer can be read as text.")
        return Verdict(difference, "refused", stored, "Tipul unei întrebări nu se schimbă decât în text.", "A question's type changes only to text.")

    def _other_list(self, difference: Difference, stored: int) -> Verdict:
        """Codes of another list mean something else, unless a recode maps or asks every old one."""
        mapped = self._maps(difference.code.rpartition(".")[2])
        listed = self.old.choices.get(difference.old)
        unmapped = [code for code in (listed.index if listed is not None else ()) if code not in mapped]
        if unmapped and stored:
            return Verdict(difference, "refused", stored, f"Altă listă de alegeri fără recodare pentru: {', '.join(unmapped[:8])}.",
                           f"Another list of choices without a recode for: {', '.join(unmapped[:8])}.")  # fmt: skip
        return Verdict(difference, "allowed", stored, "Lista de alegeri s-a schimbat.", "The list of choices changed.")

    def _tightened(self, difference: Difference, answers: Mapping[str, int]) -> Verdict:
        level, _, name = difference.code.partition(".")
        question = self.new.fields[level][name]
        failing = sum(many for value, many in answers.items() if not self._accepts(question, value))
        if not failing:
            return Verdict(difference, "allowed", 0, "Răspunsurile stocate rămân valabile.", "Stored answers remain valid.")
        many = f"{failing} răspuns stocat nu mai respectă limitele." if failing == 1 else f"{failing} răspunsuri stocate nu mai respectă limitele."
        return Verdict(difference, "allowed", failing, many, f"{failing} stored answers now break the limits.")

    def _accepts(self, question: Field, value: str) -> bool:
        if not value:
            return not question.required
        if question.choices:
            return set(value.split("|")) <= set(self.new.choices[question.choices].index)
        if question.type in ("integer", "decimal", "number"):
            return _within(question, value)
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

    def _maps(self, field: str) -> Mapping[str, Any]:
        """The recode of a question: old code → new code or ``ask``."""
        return next((entry.get("map") or {} for entry in changes_of(self.new).get("recode") or [] if entry.get("field") == field), {})

    def _recoded(self, listed: str, code: str) -> bool:
        """Every question of the list has a recode that maps (or asks again) this old code."""
        questions = [q for fields in self.old.fields.values() for q in fields.values() if q.choices == listed]
        now = {q.was or q.code: q.code for fields in self.new.fields.values() for q in fields.values()}
        return bool(questions) and all(code in self._maps(now.get(question.code, question.code)) for question in questions)

    # ---- results -------------------------------------------------------------------------------------

    def _result(self, difference: Difference) -> Verdict:
        if (difference.part in FREE_PARTS and difference.kind != "indicator") or difference.part in UNSEEN or difference.what == "added":
            return self._free(difference)
        if difference.kind == "scale" and difference.code in {str(e.get("code")) for e in changes_of(self.new).get("scales") or []}:
            return Verdict(difference, "allowed", 0, "Permis între campanii; schimbarea scalei este declarată.",
                           "Allowed between rounds; the change of the scale is declared.")  # fmt: skip
        touched = [code for code in difference.touches if code in self.new.indicators and code in self.old.indicators]
        undeclared = [code for code in touched if not trend_of(self.new, code)[0]]
        if undeclared:
            listed = ", ".join(undeclared[:5]) + (" …" if len(undeclared) > 5 else "")
            return Verdict(difference, "needs_trend", 0, f"Declarați „trend” (comparable sau break) pentru: {listed}.",
                           f"Declare “trend” (comparable or break) for: {listed}.")  # fmt: skip
        return Verdict(difference, "allowed", 0, "Permis între campanii; tendința este declarată.", "Allowed between rounds; the trend is declared.")


def changes_of(methodology: Methodology) -> Mapping[str, Any]:
    """What a version declares of the one before it."""
    changes: Mapping[str, Any] = methodology.declared.get("changes", {})
    return changes


CAUSES = {"formula_changed": "formula", "constant_changed": "constant", "renamed": "renamed"}
"""Groups of changes in indicators, with what they say of a series."""


def trend_of(methodology: Methodology, code: str) -> tuple[str, str]:
    """(declared trend of an indicator, '' where none is; what changed: renamed, formula, constant or other).

    The trend is its own, or comes through a pattern of the changes.
    """
    indicator = methodology.indicators[code]
    changes: Mapping[str, Any] = changes_of(methodology).get("indicators") or {}
    declared = ((cause, entry) for group, cause in CAUSES.items() for entry in changes.get(group) or [] if _concerns(entry, code))
    cause, entry = next(declared, ("other", None))
    trend = indicator.trend or str((entry or {}).get("trend") or "")
    return trend, "renamed" if indicator.was else cause


def _concerns(entry: Mapping[str, Any], code: str) -> bool:
    pattern = str(entry.get("match") or entry.get("code") or entry.get("new") or "")
    return code in (entry.get("affects") or ()) or matches(pattern, code)


def _within(question: Field, value: str) -> bool:
    """Whether a stored number keeps the limits of a question; what is no number does not."""
    try:
        number = Fraction(value.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return False
    low, high = question.minimum, question.maximum
    places = question.places if question.type == "decimal" else 0
    return (low is None or number >= low) and (high is None or number <= high) and (number * 10**places).denominator == 1
