"""Methodologies made for measuring: forty dependent formulas, and a large folder."""

from __future__ import annotations

import json
from pathlib import Path

HEADER = {
    "methodology": "bench",
    "version": "1",
    "format": 2,
    "status": "draft",
    "languages": ["ro"],
    "primary_language": "ro",
    "title": {"ro": "Măsurători"},
    "sections": [{"code": "main", "required": True, "label": {"ro": "Principal"}}],
    "levels": {"record": {"label": {"ro": "Înregistrare"}, "data": {"file": "records.csv", "key": "key"}}},
    "examples": {"rows": {"name": "rows", "level": "record"}, "places": {"name": "records", "level": "record"}, "bands": "bands"},
}
LABEL = {"ro": "Text"}

# Forty formulas, each on fields a, b, c, d or on earlier ones: sums, ratios, scores, conditions, roundings.
PATTERNS = [
    ("f{0} = a + b * {1}", "{p} + b * {k}"),
    ("ratio", "{p} / (c + {k})"),
    ("score", "min(10, abs({p} - {q}) * 10)"),
    ("choice", "if({p} > {q}, {p} - {q}, {q} - {p} + {k})"),
    ("guard", "if(c > 0 and d > {k}, {p} / c, {q} / d)"),
]


def forty() -> list[tuple[str, str]]:
    """(name, formula) of forty dependent formulas."""
    formulas: list[tuple[str, str]] = []
    for number in range(40):
        earlier = [f"f{number - 1}" if number else "a", f"f{number - 3}" if number > 2 else "d"]
        text = PATTERNS[number % len(PATTERNS)][1].format(p=earlier[0], q=earlier[1], k=number % 7 + 1)
        formulas.append((f"f{number}", text))
    return formulas


def write(folder: Path, fields: int, formulas: list[tuple[str, str]], indicators: int) -> Path:
    """A methodology folder. JSON is YAML, and quick to write."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = [{"code": name, "type": "integer", "label": LABEL} for name in ("a", "b", "c", "d", *(f"x{number}" for number in range(fields - 4)))]
    forms = {"forms": [{"level": "record", "steps": [{"code": "one", "section": "main", "title": LABEL, "fields": listed}]}]}
    calculations = [{"code": name, "level": "record", "formula": text} for name, text in formulas]
    published = [
        {
            "code": f"I.{number}X",
            "level": "record",
            "section": "main",
            "format": "number",
            "label": LABEL,
            "formula": f"f{number % len(formulas)} * 2",
        }
        for number in range(indicators)
    ]
    contents = {"methodology": HEADER, "forms": forms, "indicators": {"calculations": calculations, "indicators": published}}
    for kind, content in contents.items():
        (folder / f"{kind}.yaml").write_text(as_yaml(content), "utf-8")
    return folder


def as_yaml(content: dict[str, object]) -> str:
    """One line an entry, so that positions mean something."""
    lines = []
    for key, value in content.items():
        if isinstance(value, list):
            lines += [f"{key}:", *(f"  - {json.dumps(item, ensure_ascii=False)}" for item in value)]
        else:
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
