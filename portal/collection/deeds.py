"""How the deeds on places are spoken of on pages: what each does, to whom, how it is undone, what is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.collection.forms.deeds import ExemptForm, ExtendForm, MessageForm, ReasonForm, RequestForm, ReturnForm, SimpleForm
from portal.collection.models import Collection
from portal.collection.readiness import obstacles_of, obstacles_of_extended
from portal.collection.services import finalising, supervising, tables
from portal.collection.standing import Obstacles


@dataclass(frozen=True, slots=True)
class Described:
    """``effect`` and ``undo`` are sentences; ``button`` names the act; ``done`` is told afterwards, with the name of the place.

    ``below``: what lies below is touched as well; ``obstacles``: what may stand in the way, shown beforehand.
    """

    title: str | Promise
    effect: str | Promise
    undo: str | Promise
    button: str | Promise
    done: Any
    form: type[SimpleForm]
    perform: Callable[..., None]
    danger: bool = False
    below: bool = False
    obstacles: Callable[[Collection], Obstacles] | None = None


DEEDS: dict[str, Described] = {
    "block": Described(
        _("Blocați"),
        _("Cât timp este blocat, nimeni nu mai poate scrie aici și nici în locurile de dedesubt. Nimic nu se șterge."),
        _("Blocarea se ridică oricând, de la același nivel."),
        _("Blocați acum"), _("{name}: blocat."), ReasonForm, supervising.block, danger=True, below=True,
    ),
    "unblock": Described(
        _("Deblocați"),
        _("Se poate scrie din nou aici, dacă niciun loc de deasupra nu este blocat sau finalizat."),
        _("Puteți bloca din nou oricând."),
        _("Deblocați acum"), _("{name}: deblocat."), SimpleForm, supervising.unblock, below=True,
    ),
    "finalise": Described(
        _("Finalizați"),
        _("Datele se îngheață: după finalizare nu mai pot fi modificate. Indicatorii se păstrează așa cum sunt acum, iar raportul se trimite."),
        _("Numai nivelul de deasupra poate redeschide, cu un motiv."),
        _("Finalizați acum"), _("{name}: finalizat."), SimpleForm, finalising.finalise, danger=True, below=True, obstacles=obstacles_of,
    ),
    "finalise_extended": Described(
        _("Finalizați monitorizarea extinsă"),
        _("Răspunsurile monitorizării extinse se îngheață. Dacă unitatea este deja finalizată, raportul ei se face din nou, cu un număr nou."),
        _("Directorul sau inspectoratul o poate returna, cu un mesaj."),
        _("Finalizați monitorizarea extinsă acum"), _("{name}: monitorizarea extinsă a fost finalizată."), SimpleForm,
        finalising.finalise_extended, danger=True, obstacles=obstacles_of_extended,
    ),
    "reopen": Described(
        _("Redeschideți"),
        _("Datele se pot modifica din nou până la termenul de corecturi. Rapoartele făcute până acum rămân, cu mențiunea „depășit”."),
        _("Se finalizează din nou când corecturile sunt gata."),
        _("Redeschideți acum"), _("{name}: redeschis."), ReasonForm, finalising.reopen,
    ),
    "return_section": Described(
        _("Returnați o secțiune"),
        _("Se deschide numai secțiunea aleasă, până la termenul de corecturi. Restul datelor și tabelele claselor rămân înghețate."),
        _("Unitatea se finalizează din nou când secțiunea este corectată. Raportul de acum rămâne, cu mențiunea „depășit”."),
        _("Returnați secțiunea"), _("{name}: secțiune returnată."), ReturnForm, finalising.return_section,
    ),
    "return_extended": Described(
        _("Returnați monitorizarea extinsă"),
        _("Se deschid numai răspunsurile monitorizării extinse, până la termenul de corecturi. Restul datelor rămân înghețate."),
        _("Unitatea finalizează din nou monitorizarea extinsă; până atunci rămân publicate cifrele de acum."),
        _("Returnați monitorizarea extinsă"), _("{name}: monitorizarea extinsă a fost returnată."), MessageForm, finalising.return_extended,
    ),
    "return_class": Described(
        _("Returnați tabelul"),
        _("Tabelul se deschide din nou pentru diriginte, prin același link, cu mesajul dumneavoastră."),
        _("Tabelul se trimite din nou când este corectat."),
        _("Returnați tabelul"), _("{name}: tabel returnat."), MessageForm, tables.give_back,
    ),
    "recall_class": Described(
        _("Redeschideți tabelul aici"),
        _("Tabelul se deschide din nou pentru responsabilul și operatorii unității."),
        _("Tabelul se trimite din nou când este gata."),
        _("Redeschideți tabelul"), _("{name}: tabel redeschis."), SimpleForm, tables.recall,
    ),
    "exempt": Described(
        _("Exceptați din campanie"),
        _("Locul nu mai completează nimic și apare în raportul județean cu motivul exceptării."),
        _("Exceptarea se poate retrage până când județul este finalizat."),
        _("Exceptați"), _("{name}: exceptat."), ExemptForm, supervising.exempt, danger=True, below=True,
    ),
    "withdraw_exemption": Described(
        _("Retrageți exceptarea"),
        _("Locul completează din nou în această campanie."),
        _("Puteți excepta din nou oricând."),
        _("Retrageți exceptarea"), _("{name}: exceptarea a fost retrasă."), ReasonForm, supervising.withdraw_exemption, below=True,
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
    "remind": Described(
        _("Amintiți termenul"),
        _("Cine conduce locul primește un mesaj prin e-mail: ce este de făcut și până când. Același loc primește cel mult un mesaj pe zi."),
        _("Un mesaj trimis nu se mai poate opri."),
        _("Trimiteți mesajul"), _("{name}: mesajul pleacă."), SimpleForm, supervising.remind,
    ),
}  # fmt: skip
