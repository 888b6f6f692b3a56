"""The catalogues of translations, kept with the code: ``python -m tests.catalogues`` brings them up to date.

What is said is Romanian and stands in the code. Each of ``portal/ui/locale/*/LC_MESSAGES/django.po`` gets what is new, empty, loses what nobody
says any more, and is compiled beside itself. ``ro`` has only what the packages say in English, and the third form of our own plurals.
"""

from __future__ import annotations

import ast
import io
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "portal" / "ui" / "locale"
SOURCE, TRANSLATED = "ro", ("en", "hu")
ROOMS = ("portal", "exports", "engine", "config")
COLUMNS = ROOT / "portal" / "network" / "data" / "columns"
PLURALS = {"ro": (3, "(n==1 ? 0 : n==0 || (n%100 > 0 && n%100 < 20) ? 1 : 2)"), "en": (2, "(n != 1)"), "hu": (1, "0")}
"""How many forms a counted thing has, and which one a number takes. Hungarian has no plural after numbers."""
HEADS = {
    "ro": (
        "Cuvintele lui Django și ale lui allauth care ajung pe ecran, rescrise: persoana a doua plural, virgulă sub ș și ț, luni cu literă mică.",
        "Se aduce la zi și se compilează cu: python -m tests.catalogues",
    ),
    "en": ("What the product says, in English. Brought up to date and compiled by: python -m tests.catalogues",),
    "hu": ("A termék szövegei magyarul. Frissítés és fordítás: python -m tests.catalogues",),
}
CALL = re.compile(r"\b(_|n?p?gettext(?:_lazy|_noop)?)\(\s*")
LITERAL = re.compile(r"""\s*u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*(,?)""", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """Something the code says: ``plural`` and ``context`` are '' where there is none."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str | tuple[str, str], str | None]:
        """How Babel names it."""
        return ((self.text, self.plural) if self.plural else self.text, self.context or None)


def said(function: str, texts: list[str]) -> Said | None:
    """What a call of ``function`` says; None where its text is no literal."""
    base = function.removesuffix("_lazy").removesuffix("_noop")
    wanted = 1 + ("p" in base.removesuffix("gettext")) + base.startswith("n")
    if len(texts) < wanted:
        return None
    context = texts.pop(0) if "p" in base.removesuffix("gettext") else ""
    return Said(texts[0], texts[1] if base.startswith("n") else "", context)


def in_python(source: str) -> Iterator[Said]:
    """What a module says. A name that ``gettext`` was imported as counts as it."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            function = names.get(called, "")
            if CALL.fullmatch(f"{function}("):
                texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                found = said(function, texts)
                yield from (found,) if found else ()


def in_template(source: str) -> Iterator[Said]:
    """What a template says, through Django's own reading of its tags."""
    code = templatize(source)
    for call in CALL.finditer(code):
        texts, at = [], call.end()
        while found := LITERAL.match(code, at):
            texts.append(ast.literal_eval(found[1]))
            at = found.end()
            if not found[2]:
                break
        one = said(call[1], texts)
        yield from (one,) if one else ()


def in_columns(path: Path) -> Iterator[Said]:
    """Labels and hints of the columns of official lists."""
    for column in yaml.safe_load(path.read_text("utf-8")):
        yield from (Said(column[key]) for key in ("label", "hint") if column.get(key))


@cache
def extracted() -> dict[Said, str]:
    """Everything the product says, in the order of its files: where it is said first."""
    found: dict[Said, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            for one in _of(path):
                found.setdefault(one, path.relative_to(ROOT).as_posix())
    return found


def _of(path: Path) -> Iterable[Said]:
    if path.suffix == ".py":
        return in_python(path.read_text("utf-8"))
    if path.suffix in (".html", ".txt") and "templates" in path.parts:
        return in_template(path.read_text("utf-8"))
    return in_columns(path) if path.parent == COLUMNS else ()


def po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    with po(language).open("rb") as file:
        return read_po(file, locale=language)


def of_packages() -> list[Any]:
    """The messages of packages (English) that pages of ours show, as the Romanian catalogue has them."""
    ours = {one.key for one in extracted()}
    return [message for message in read(SOURCE) if message.id and (message.id, message.context) not in ours]


def wanted(language: str) -> list[tuple[str | tuple[str, str], str | None, str]]:
    """What a catalogue has to have: (text, context, where it is said)."""
    ours = [(*one.key, where) for one, where in extracted().items() if one.plural or language != SOURCE]
    theirs = [(message.id, message.context, "") for message in of_packages()] if language != "en" else []
    return theirs + ours


def renewed(language: str) -> Catalog:
    """The catalogue with all it has to have and nothing else; what is new is empty."""
    old = read(language)
    new = Catalog(locale=language, fuzzy=False)
    for text, context, where in wanted(language):
        before = old.get(text, context)
        flags = [flag for flag in before.flags if flag != "fuzzy"] if before else []
        new.add(text, before.string if before else "", [(where, None)] if where else [], flags, context=context)
    return new


def head(language: str) -> list[str]:
    """What a catalogue says of itself: nothing that changes by itself, no times, no names of programs."""
    forms, rule = PLURALS[language]
    return [f"Language: {language}", "Content-Type: text/plain; charset=UTF-8", f"Plural-Forms: nplurals={forms}; plural={rule};"]


def po_bytes(catalogue: Catalog) -> bytes:
    """The text of a catalogue, without line numbers."""
    out = io.BytesIO()
    write_po(out, catalogue, width=140, omit_header=True, include_lineno=False)
    language = str(catalogue.locale)
    comment = "".join(f"# {line}\n" for line in HEADS[language])
    fields = "".join(f'"{field}\\n"\n' for field in head(language))
    return f'{comment}msgid ""\nmsgstr ""\n{fields}\n'.encode() + out.getvalue()


def mo_bytes(language: str) -> bytes:
    """What ``django.mo`` of a language has to be: the format of GNU gettext, sorted."""
    pairs = [("", "".join(f"{field}\n" for field in head(language)))]
    for message in read(language):
        if message.id:
            key = "\0".join(forms_of(message.id))
            pairs.append((f"{message.context}\4{key}" if message.context else key, "\0".join(forms_of(message.string))))
    keys, values = zip(*sorted((key.encode(), value.encode()) for key, value in pairs), strict=True)
    many, at = len(keys), 28 + 16 * len(keys)
    tables, texts = b"", b""
    for listed in (keys, values):
        for text in listed:
            tables += struct.pack("<2I", len(text), at + len(texts))
            texts += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, many, 28, 28 + 8 * many, 0, 0) + tables + texts


def forms_of(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def main() -> int:
    empty = 0
    for language in (SOURCE, *TRANSLATED):
        po(language).parent.mkdir(parents=True, exist_ok=True)
        if not po(language).exists():
            po(language).write_text(f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n', "utf-8")
        catalogue = renewed(language)
        po(language).write_bytes(po_bytes(catalogue))
        po(language).with_suffix(".mo").write_bytes(mo_bytes(language))
        left = [message for message in catalogue if message.id and not all(forms_of(message.string))]
        empty += len(left)
        sys.stdout.write(f"{language}: {len(list(catalogue)) - 1} mesaje, {len(left)} netraduse\n")
    return 1 if empty else 0


if __name__ == "__main__":
    settings.configure()
    sys.exit(main())
