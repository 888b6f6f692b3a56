"""Prints docs/errors.md."""

import re

from engine.catalogue import MODULES

DOUBLED = re.compile(r"\{\{|\}\}")
"""Braces that are no placeholder."""

LINES = ["# Coduri de eroare / Error codes", "", "Generat cu `python -m engine.catalogue`; nu se editează de mână.", ""]


def page() -> str:
    """The whole page as Markdown."""
    lines = list(LINES)
    for module in MODULES:
        lines += [f"## {(module.__doc__ or '').split(chr(10))[0]}", ""]
        for entry in module.ENTRIES:
            word = {"error": "eroare", "warning": "avertisment"}[entry.level]
            lines += [f"### {entry.code} ({word})", "", entry.ro, "", f"*Ce faceți:* {entry.fix_ro}", ""]
            lines += [f"{entry.en} *What to do:* {entry.fix_en}", ""]
            lines += [f"{entry.hu} *Mi a teendő:* {entry.fix_hu}", ""] if entry.hu else []
            lines += [f"Exemplu: `{entry.example}`", ""] if entry.example else []
    return DOUBLED.sub(lambda brace: brace[0][0], "\n".join(lines))


if __name__ == "__main__":
    print(page(), end="")
