"""How the deeds on places are spoken of on pages: what each does, to whom, how it is undone, what is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.collection.forms.deeds import ExemptForm, ExtendForm, ReasonForm, RequestForm, SimpleForm
from portal.collection.services import finalising, supervising, tables


@dataclass(frozen=True, slots=True)
class Described:
    """``effect`` and ``undo`` are sentences; ``button`` names the act; ``done`` is told afterwards, with the name of the place."""

    title: str | Promise
    effect: str | Promise
    undo: str | Promise
    button: str | Promise
    done: Any
    form: type[forms.Form]
    perform: Callable[..., None]
    danger: bool = False


DEEDS: dict[str, Described] = {
    "block": Described(
        _("Blocați"),
        _("Cât timp este blocat, nimeni nu mai poate scrie aici și nici în locurile de dedesubt. Nimic nu se șterge."),
        _("Blocarea se ridică oricând, de la același nivel."),
        _("Blocați acum"), _("{name}: blocat."), ReasonForm, supervising.block, danger=True,
    ),
    "unblock": Described(
        _("Deblocați"),
        _("Se poate scrie din nou aici, dacă niciun loc de deasupra nu este blocat sau finalizat."),
        _("Puteți bloca din nou oricând."),
        _("Deblocați acum"), _("{name}: deblocat."), SimpleForm, supervising.unblock,
    ),
    "finalise": Described(
        _("Finalizați"),
        _("Datele se îngheață: după finalizare nu mai pot fi modificate. Indicatorii se păstrează așa cum sunt acum, iar raportul se trimite."),
        _("Numai nivelul de deasupra poate redeschide, cu un motiv."),
        _("Finalizați acum"), _("{name}: finalizat."), SimpleForm, finalising.finalise, danger=True,
    ),
    "reopen": Described(
        _("Redeschideți"),
        _("Datele se pot modifica din nou până la termenul de corecturi. Rapoartele făcute până acum rămân, cu mențiunea „depășit”."),
        _("Se finalizează din nou când corecturile sunt gata."),
        _("Redeschideți acum"), _("{name}: redeschis."), ReasonForm, finalising.reopen,
    ),
    "return_class": Described(
        _("Returnați tabelul"),
        _("Tabelul se deschide din nou pentru diriginte, prin același link, cu mesajul dumneavoastră."),
        _("Tabelul se trimite din nou când este corectat."),
        _("Returnați tabelul"),
        _("{name}: tabel returnat."),
        ReasonForm,
        tables.give_back,
    ),
    "recall_class": Described(
        _("Redeschideți tabelul aici"),
        _("Tabelul se deschide din nou pentru responsabilul și operatorii unității."),
        _("Tabelul se trimite din nou când este gata."),
        _("Redeschideți tabelul"),
        _("{name}: tabel redeschis."),
        SimpleForm,
        tables.recall,
    ),
    "exempt": Described(
        _("Exceptați din campanie"),
        _("Locul nu mai completează nimic și apare în raportul județean cu motivul exceptării."),
        _("Exceptarea se poate retrage până când județul este finalizat."),
        _("Exceptați"), _("{name}: exceptat."), ExemptForm, supervising.exempt, danger=True,
    ),
    "withdraw_exemption": Described(
        _("Retrageți exceptarea"),
        _("Locul completează din nou în această campanie."),
        _("Puteți excepta din nou oricând."),
        _("Retrageți exceptarea"), _("{name}: exceptarea a fost retrasă."), SimpleForm, supervising.withdraw_exemption,
    ),
    "extend": Described(
        _("Dați o prelungire"),
        _("Numai acest loc poate scrie până la noul termen. Prelungirea se încheie singură și se numără în raportul județean."),
        _("O prelungire nu se retrage; ea expiră singură."),
        _("Dați prelungirea"), _("{name}: termen prelungit."), ExtendForm, supervising.extend,
    ),
    "request_extended": Described(
        _("Cereți monitorizarea extinsă"),
        _("Unitatea poate completa secțiunea extinsă până la data aleasă, chiar dacă datele de bază sunt finalizate."),
        _("Cererea rămâne în istoric; fără răspuns apare în raport ca „cerut, neprimit”."),
        _("Cereți"), _("{name}: monitorizarea extinsă a fost cerută."), RequestForm, supervising.request_extended,
    ),
}  # fmt: skip
