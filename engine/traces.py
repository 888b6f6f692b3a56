"""A trace as text, for people who know the field and not the program."""

from __future__ import annotations

from engine.steps import Trace

NOTES = {
    "not_applied": "nu se aplică, pentru că nu este îndeplinită condiția",
    "propagated": "nu se dă, pentru că lipsesc date",
    "skipped": "calculat fără datele care lipsesc",
    "substituted": "valoare pusă în locul datelor care lipsesc",
    "broken": "întrerupere de serie",
}
REASONS = {
    "not_answered": "o întrebare nu are răspuns",
    "not_collected": "datele nu au fost cerute sau nu au sosit",
    "not_applicable": "nu este cazul aici",
    "zero_denominator": "împărțire la zero",
}
STATUS = {"partial": "în parte", "missing": "lipsesc date", "not_applicable": "nu se aplică"}


def trace_lines(trace: Trace) -> list[str]:
    """First what is published and how it is computed, then every step on a line, further in the deeper it lies."""
    if not trace.code:
        return _step(trace, 0)
    lines = [" · ".join(part for part in (trace.code, trace.where) if part)]
    lines += [trace.label] if trace.label else []
    lines.append(f"{'Este îndeplinită' if trace.kind == 'check' else 'Valoarea'}: {_outcome(trace)}")
    lines.append(f"Formula: {trace.formula}")
    lines += [f"Se aplică dacă: {trace.condition}"] if trace.condition else []
    lines += [f"În cuvinte: {trace.words}"] if trace.words else []
    lines += [f"Constante: {_constants(trace)}"] if trace.constants else []
    steps = [line for step in trace.steps for line in _step(step, 1)]
    return [*lines, "Pas cu pas:", *steps] if steps else lines


def _step(trace: Trace, depth: int) -> list[str]:
    inner = [line for step in trace.steps for line in _step(step, depth + 1)]
    return [f"{'  ' * depth}{_line(trace)}", *inner]


def _line(trace: Trace) -> str:
    if trace.kind == "nowhere":
        return f"nu face parte din: {trace.where}"
    if trace.kind == "size":
        return f"{trace.where} · câte sunt → {trace.shown}"
    if trace.kind == "member" and not trace.name:
        return trace.where
    name = f"{trace.name} „{trace.label}”" if trace.label else trace.name
    name += f" din {trace.period}" if trace.period else ""
    formula = f" = {trace.formula}" if trace.formula else ""
    if trace.kind != "quantity" and trace.formula:
        name, formula = trace.formula, ""
    if trace.note == "not_applied":
        constants = f"; {_constants(trace)}" if trace.constants else ""
        return f"{trace.where} · {name}{formula} → {NOTES[trace.note]}: {trace.condition}{constants}"
    return f"{trace.where} · {name}{formula} → {_outcome(trace)}"


def _outcome(trace: Trace) -> str:
    """The value, its band, and what is to be said of it."""
    said = [f"date complete: {trace.known} din {trace.expected}"] if trace.expected and trace.known != trace.expected else []
    if trace.status != "ok":
        reason = REASONS.get(trace.reason, "")
        said.append(f"{STATUS.get(trace.status, trace.status)}: {reason}" if reason and trace.reason != trace.status else STATUS[trace.status])
    said += [NOTES[trace.note]] if trace.note else []
    band = f" – {trace.band}" if trace.band else ""
    return f"{trace.shown}{band}" + (f" [{'; '.join(said)}]" if said else "")


def _constants(trace: Trace) -> str:
    return ", ".join(f"{name} = {value}" for name, value in trace.constants.items())
