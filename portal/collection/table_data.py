"""A class table as the scripts of its pages read it: columns in the reader's language (made once for a version), values, words, addresses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from engine.forms import Untranslated, text_in
from engine.forms.texts import SOURCE
from engine.methodology import Field, Methodology
from portal.collection.authors import Author
from portal.collection.class_table import TableNow, marked_code
from portal.collection.models import Collection
from portal.collection.wordings import shorts_of

COUNTED: Mapping[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "unsent": (_("o modificare netrimisă"), _("{n} modificări netrimise"), _("{n} de modificări netrimise")),
    "pupils": (_("1 elev"), _("{n} elevi"), _("{n} de elevi")),
    "lines": (_("1 rând"), _("{n} rânduri"), _("{n} de rânduri")),
    "columns_read": (_("o coloană"), _("{n} coloane"), _("{n} de coloane")),
    "good": (_("Lipiți valoarea bună"), _("Lipiți cele {n} valori bune"), _("Lipiți cele {n} de valori bune")),
    "kept": (
        _("o modificare păstrată în acest browser"), _("{n} modificări păstrate în acest browser"),
        _("{n} de modificări păstrate în acest browser"),
    ),
}  # fmt: skip
"""Words for one, a few and many, by the plural rules of the language."""
WORDS: Mapping[str, str | Promise] = {
    "saved": _("Salvat la {time}"),
    "sending": _("Se trimite…"),
    "offline": _("Fără rețea. Puteți continua: modificările se păstrează aici și se trimit singure."),
    "leave_later": _("Modificările nu s-au putut trimite încă. Rămân păstrate aici; încercați din nou când aveți rețea."),
    "refused_title": _("O valoare nu s-a putut salva"),
    "stopped_title": _("Nu se mai poate salva"),
    "stopped_kept": _("Ce ați completat rămâne pe ecran și este păstrat în acest browser."),
    "reload": _("Reîncărcați pagina"),
    "offer_title": _("Aveți modificări netrimise de data trecută"),
    "offer_send": _("Trimiteți-le acum"),
    "offer_drop": _("Renunțați la ele"),
    "others_changed": _("Altcineva a schimbat între timp: {where}."),
    "conflict_title": _("Altcineva a schimbat aceleași răspunsuri"),
    "conflict_lead": _("Nimic nu s-a suprascris. Alegeți ce rămâne, apoi salvați."),
    "conflict_mine": _("Ce ați completat: {value}"),
    "conflict_theirs": _("Ce a salvat celălalt: {value}"),
    "conflict_save": _("Salvați alegerea"),
    "blank": _("fără răspuns"),
    "cell": _("Elevul {row}, {column}"),
    "pupil": _("Elevul {n}"),
    "pupil_of": _("Elevul {n} din {all}"),
    "back": _("Înapoi"),
    "modes": _("Mod de completare"),
    "by_question": _("Toată clasa"),
    "by_pupil": _("Elev cu elev"),
    "position": _("Clasa {name} · întrebarea {n} din {all}"),
    "in_class": _("Clasa {name}"),
    "tap_marked": _("Atingeți elevii cu „{label}”. Pentru ceilalți rămâne „{other}”."),
    "tap_list": _("Alegeți o valoare, apoi atingeți elevii care o au."),
    "all_have": _("Toți au „{label}”. Alegeți altă valoare, apoi atingeți elevii care o au."),
    "value": _("Valoarea de pus"),
    "other_value": _("Altă valoare"),
    "which": _("Care elevi: {label}?"),
    "all_as": _("Toți: {label}"),
    "undo": _("Anulați"),
    "undone": _("Ultima schimbare a fost anulată."),
    "of": _("{many} din {all}"),
    "now": _("Elevul {n}: „{label}”."),
    "no_answer": _("Lipsește răspunsul la: {rows}."),
    "all_questions": _("Toate întrebările"),
    "passed": _("{n} din {all} parcurse"),
    "continue": _("Salvați și continuați"),
    "go_on": _("Continuare"),
    "summary": _("Rezumat"),
    "as_before": _("La fel ca elevul {n}"),
    "desk": _("Catedra"),
    "bench": _("Banca {n}"),
    "seats": _("{many} pe {seats} locuri"),
    "too_many": _("sunt mai mulți elevi decât locuri"),
    "no_seat": _("Fără loc fix"),
    "move_here": _("Mutați aici elevul {n}"),
    "grid_name": _("Tabelul clasei"),
    "grid_help": _("Săgeți: mutați · litere: alegeți valoarea · Ctrl+D: umpleți în jos · Ctrl+V: lipiți · Ctrl+Z: anulați · Enter: lista întreagă"),
    "number": _("Nr."),
    "column_codes": _("Coloana {label}"),
    "fill_down": _("Umpleți în jos"),
    "undo_last": _("Anulați ultima schimbare"),
    "not_asked": _("nu se cere"),
    "selected": _("{many} selectate"),
    "paste_title": _("Verificați ce lipiți"),
    "paste_lead": _("{lines} × {columns}. Nimic nu este încă salvat."),
    "paste_matched": _("Coloane recunoscute: {columns}"),
    "paste_ignored": _("Coloane lăsate deoparte: {columns}"),
    "paste_beyond": _("Rânduri peste numărul elevilor, lăsate deoparte: {n}"),
    "paste_changed": _("Valori care se schimbă"),
    "paste_same": _("Valori neschimbate sau goale"),
    "paste_unread": _("Valori care nu se pot citi"),
    "paste_bad": _("Ce nu se poate citi"),
    "paste_drop": _("Renunțați la lipire"),
    "paste_kept": _("Valorile care nu se pot citi rămân ca înainte. Puteți anula după lipire."),
    "paste_failed": _("Ce ați lipit nu s-a putut citi acum. Încercați din nou când aveți rețea."),
    "pick_first": _("Atingeți un elev, apoi banca în care stă."),
    "picked": _("Ați ales elevul {n}. Atingeți banca în care stă."),
}
"""What the scripts say."""


def words() -> dict[str, Any]:
    """Everything the scripts say, in the language of the page."""
    return {code: str(text) for code, text in WORDS.items()} | {code: [str(text) for text in forms] for code, forms in COUNTED.items()}


def queue_key(author: Author, collection: Collection, section: str = "") -> str:
    """Names what is unsent in a browser: by link (and its version) or person, and by table or section; tells nothing of either."""
    version = author.link.version if author.link is not None else 0
    return salted_hmac("portal.collection.unsent", f"{author.key}:{version}:{collection.pk}:{section}").hexdigest()[:32]


def data_of(now: TableNow, author: Author, urls: Mapping[str, str], writable: bool) -> SafeString:
    """The JSON of a page. The columns are joined in as they lie ready; only values are written out."""
    columns = columns_json(now.methodology, now.language, tuple(field.code for field in now.columns))
    missing: dict[str, list[int]] = {}
    for problem in now.problems:
        missing.setdefault(problem.field, []).append(problem.row or 0)
    values = {
        "key": queue_key(author, now.school_class),
        "name": now.school_class.name,
        "revision": now.revision,
        "saved": now.saved_clock,
        "count": len(now.rows),
        "values": {field.code: [row.get(field.code) for row in now.rows] for field in now.columns},
        "shown": now.shown_rows,
        "confirmed": sorted(now.confirmed),
        "missing": missing,
        "rooms": {field.code: room for field in now.columns if (room := now.room(field)) is not None},
        "writable": writable,
        "urls": dict(urls),
    }
    return SafeString(f'{{"columns":{columns},"words":{_words_json(now.language)},{_json(values)[1:]}')


UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def _json(value: object) -> str:
    """JSON that may stand in a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(UNSAFE)


@lru_cache(maxsize=64)
def columns_json(methodology: Methodology, language: str, codes: tuple[str, ...]) -> str:
    """The columns of a table in words."""
    fields = {field.code: field for form in methodology.forms if form.table is not None for field in form.table.columns}
    return _json([_column(methodology, fields[code], language) for code in codes])


def _column(methodology: Methodology, field: Field, language: str) -> dict[str, Any]:
    listed = methodology.choices[field.choices].choices if field.choices else ()
    shorts = shorts_of(methodology, field, language)
    return {
        "code": field.code,
        "label": text_in(field.label, language),
        "lang": SOURCE if isinstance(text_in(field.label, language), Untranslated) else "",
        "question": text_in(field.declared.get("question") or field.label, language),
        "hint": text_in(field.hint, language),
        "options": [[choice.code, text_in(choice.label, language), shorts.by_code[choice.code]] for choice in listed],
        "marked": marked_code(methodology, field),
        "required": field.required or field.required_if is not None,
        "conditional": field.show is not None,
    }


@lru_cache(maxsize=8)
def _words_json(language: str) -> str:
    return _json(words())
