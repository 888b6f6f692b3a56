"""Everything that the pages of the product are about, once: the cast in a round, with units and classes in every state, and what lies around."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from exports.models import Document
from portal.accounts import services as accounts
from portal.accounts.models import Membership
from portal.accounts.services.invitations import link_token as invitation_token
from portal.collection.authors import Author
from portal.collection.models import Collection
from portal.collection.services import classes, finalising, links, saving, supervising, tables, taking, together
from portal.collection.standing import Obstacles
from portal.contact import services as contact
from portal.contact.models import TicketFile
from portal.network.models import Level, Place
from portal.rounds import windows as calendar
from portal.rounds.models import MethodologyDraft, Round
from portal.rounds.services import drafting, publish
from portal.structure.models import NetworkImport
from portal.structure.services import imports
from tests.conftest import give_second_factor
from tests.portal import small_round
from tests.portal.network.books import HEADER, listed
from tests.portal.people import Cast, make_cast
from tests.portal.worked_round import open_round

Thing = tuple[dict[str, Any], str]
"""What an address needs, and the word of the place that the thing belongs to ('' for none)."""
ROWS = [{"row_no": 1, "grant": "yes"}, {"row_no": 2, "grant": "no"}]
NETWORK_ROW = ["AB", "0161100018", "Școala Blaj", "0162100025", "Grădinița nouă", "AR", "RURAL", 30]
EXTRA: Mapping[str, dict[str, Any]] = {
    "collection:step": {"section": "basic", "step": "general"},
    "collection:save_step": {"section": "basic", "step": "general"},
    "collection:indicator": {"code": "U.SHARE"},
    "collection:table_question": {"column": "grant"},
    "collection:table_row": {"number": 1},
    "collection:link_question": {"column": "grant"},
    "collection:link_row": {"number": 1},
    "exports:history": {"shape": "csv"},
    "exports:coverage": {"shape": "csv"},
    "network:years_file": {"year": "2025-2026", "shape": "csv"},
    "network:changes": {"shape": "csv"},
    "network:export": {"kind": "network", "shape": "csv"},
}
"""Parts of addresses beside the thing itself."""


@dataclass
class World:
    """``things`` by the words of the table; ``data``: what a POST to a page sends, given the thing."""

    cast: Cast
    things: dict[str, Thing] = field(default_factory=dict)
    data: dict[str, Callable[[str], dict[str, Any]]] = field(default_factory=dict)

    def author(self, name: str) -> Author:
        return Author(user=self.cast[name])

    def row(self, word: str, round_: Round) -> Collection:
        found = Collection.objects.select_related("round__methodology", "parent__parent", "place")
        return found.get(round=round_, place=self.cast.places[word])

    def address(self, page: str, thing: str) -> str:
        name, _blank, act = page.partition(" ")
        more = EXTRA.get(name, {}) | ({"step": "parameters"} if name == "collection:step" and thing == "class" else {})
        return reverse(name, kwargs=self.things[thing][0] | ({"act": act} if act else {}) | more)

    def asks(self, page: str, thing: str) -> dict[str, Any]:
        """The parameters of a GET: places chosen on a board."""
        chosen = self.sends(page, thing)["data"].get("loc") if page.startswith("collection:many ") else None
        return {"loc": chosen} if chosen else {}

    def sends(self, page: str, thing: str) -> dict[str, Any]:
        """What a POST carries, as keywords of the test client."""
        made = self.data[page](thing) if page in self.data else {}
        return {"data": json.dumps(made["json"]), "content_type": "application/json"} if "json" in made else {"data": made}


def build() -> World:
    world, round_ = begin()
    _collections(world, round_)
    _rounds(world, round_)
    _people(world)
    _network(world)
    _contact(world)
    _data(world, round_)
    return world


def begin() -> tuple[World, Round]:
    """A round that has just been opened: nobody has done anything yet, and every list is empty."""
    world = World(make_cast())
    for membership in Membership.objects.all():
        give_second_factor(membership)
    version = publish(small_round.FOLDER)
    round_ = open_round(version, school_year="2025-2026")
    taking.take_all(round_)
    places, words = world.cast.places, {"nation": "country", "county": "alba", "school": "blaj", "unit": "blaj_unit"}
    world.things |= {thing: ({"pk": world.row(word, round_).pk}, word) for thing, word in words.items()}
    world.things |= {f"place of the {thing}": ({"pk": places[word].pk}, word) for thing, word in words.items()}
    world.things |= {
        "–": ({}, ""), "dead key": ({"uidb36": "1", "key": "x"}, ""), "methodology": ({"code": version.code}, ""),
        "indicator of the methodology": ({"code": version.code, "indicator": "U.SHARE"}, ""), "round": ({"pk": round_.pk}, "country"),
        "unknown link": ({"token": "a" * 32}, ""),
    }  # fmt: skip
    world.data = _acts(world)
    return world, round_


def _collections(world: World, round_: Round) -> None:
    """Blaj's own unit is under way, Tiur is final, Turda's is ready to be finalised."""
    words = {"final unit": "tiur", "ready unit": "turda_unit"}
    world.things |= {thing: ({"pk": world.row(word, round_).pk}, word) for thing, word in words.items()}
    for word in ("blaj_unit", "tiur", "turda_unit"):
        unit = world.row(word, round_)
        for number in range(1, 4):
            classes.create_class(unit, f"V {number}", {"cls_name": f"V {number}", "cls_pupils": 2}, "basic")
        classes.recount(unit)
        unit.save()
    for manager, word in (("tudor", "tiur"), ("titus", "turda_unit")):
        unit, by = world.row(word, round_), world.author(manager)
        saving.save_section(unit, "basic", {"rooms": 3}, by)
        for school_class in unit.children.all():
            tables.submit(school_class, ROWS, by, Obstacles())
    finalising.finalise(world.row("tiur", round_), world.author("tudor"))
    _classes(world, round_)
    batch = together.act(world.row("alba", round_), "block", [world.row("sebes", round_)], world.author("ioana"), supervising.block)
    report = Document.objects.get(collection=world.row("tiur", round_))
    report.path.parent.mkdir(parents=True, exist_ok=True)
    report.path.write_bytes(b"%PDF-")
    Document.objects.filter(pk=report.pk).update(ready_at=timezone.now())
    world.things |= {
        "batch of the county": ({"pk": batch.board_id, "batch": batch.pk}, "alba"),
        "report of the final unit": ({"pk": report.collection_id, "document": report.pk}, "tiur"),
    }


def _classes(world: World, round_: Round) -> None:
    """Of the unit under way: one class that nobody has begun, one sent, one with a link, one whose link was revoked."""
    rodica, unit = world.author("rodica"), world.row("blaj_unit", round_)
    first, sent, linked = unit.children.order_by("code")
    tables.submit(sent, ROWS, rodica, Obstacles())
    link = links.send(linked, rodica)
    revoked = classes.create_class(unit, "VI", {"cls_name": "VI", "cls_pupils": 2}, "basic")
    dead = links.token_of(links.send(revoked, rodica))
    links.revoke(revoked, rodica)
    world.things |= {
        "class": ({"pk": first.pk}, "blaj_unit"), "class with a link": ({"pk": linked.pk}, "blaj_unit"), "sent class": ({"pk": sent.pk}, "blaj_unit"),
        "link": ({"token": links.token_of(link)}, ""), "revoked link": ({"token": dead}, ""),
    }  # fmt: skip


def _rounds(world: World, round_: Round) -> None:
    """The open round, one in preparation with a place of its own, a draft of a methodology."""
    version = round_.methodology
    moments = {name: getattr(round_, name) for name in calendar.CALENDAR}
    coming = Round.objects.create(school_year="2026-2027", methodology=version, letter="Bună ziua.", **moments)
    hidden = Collection.objects.create(round=coming, level=Level.UNIT, place=world.cast.places["blaj_unit"], code="x", name="x", path="/999999/")
    draft = drafting.from_folder(small_round.FOLDER, world.cast["mihai"])
    text = draft.files["methodology.yaml"]
    drafting.save_file(draft, "methodology.yaml", text.replace("version: '1'", "version: '2'"), drafting.mark_of(text), world.cast["mihai"])
    world.things |= {
        "round in preparation": ({"pk": coming.pk}, "country"), "draft": ({"pk": draft.pk}, "country"),
        "unit of a round in preparation": ({"pk": hidden.pk}, "blaj_unit"),
    }  # fmt: skip


def _people(world: World) -> None:
    """An invitation that waits, one that was withdrawn, the role that a director has given."""
    cast = world.cast
    invited = [accounts.invite(by=cast["rodica"], place=cast.places["blaj_unit"], role="operator", email=f"nou{one}@example.ro")[0] for one in (1, 2)]
    accounts.withdraw(invited[1], by=cast["rodica"])
    world.things |= {
        "role of a manager": ({"pk": cast.role("rodica").pk}, "blaj_unit"), "invitation": ({"pk": invited[0].pk}, "blaj_unit"),
        "open invitation": ({"token": invitation_token(invited[0])}, ""), "withdrawn invitation": ({"token": invitation_token(invited[1])}, ""),
    }  # fmt: skip


def _network(world: World) -> None:
    """A closed place, a list that was uploaded, one that was checked."""
    places, ioana, content = world.cast.places, world.cast["ioana"], listed(NETWORK_ROW)
    closed = Place.objects.create(
        level=Level.UNIT, parent=places["blaj"], code="0162100034", name="Unitate închisă", closed_on=timezone.localdate(), collects=False
    )
    lists = [imports.upload(content, "network", place=places["alba"], file_name="lista.xlsx", school_year="2025-2026", by=ioana) for _ in range(2)]
    imports.check(lists[1])
    world.things |= {
        "place of the structure": ({"pk": places["tiur"].pk}, "tiur"), "closed place": ({"pk": closed.pk}, "blaj"), "uploaded list of the county": ({"pk": lists[0].pk}, "alba"),
        "import of the county": ({"pk": lists[1].pk}, "alba"),
    }  # fmt: skip


def _contact(world: World) -> None:
    """A question to the county from somebody of another county, and one from somebody without an account."""
    county = world.cast.places["alba"]
    written = [contact.Written(f"Întrebare {one}?", f"q{one}", (contact.Upload("anexa.pdf", "pdf", b"%PDF-"),)) for one in (1, 2)]
    known = contact.ask(contact.Sender(user=world.cast["titus"]), county, None, "Termene", written[0])
    unknown = contact.ask(contact.Sender(name="Un părinte", email="parinte@example.ro"), county, None, "Termene", written[1])
    files = {ticket.pk: TicketFile.objects.get(message__ticket=ticket).pk for ticket in (known, unknown)}
    token = contact.link_token(unknown)
    world.things |= {
        "question to the county": ({"pk": known.pk}, "alba"), "file of the question": ({"pk": known.pk, "file": files[known.pk]}, "alba"),
        "question without account": ({"token": token}, ""), "file of the question without account": ({"token": token, "file": files[unknown.pk]}, ""),
    }  # fmt: skip


# ---- what is sent ----------------------------------------------------------------------------------------


def _data(world: World, round_: Round) -> None:
    """What is sent to pages that ask for something; nothing is sent to the others."""
    world.data = _answers() | _acts(world) | _texts(world, round_) | _lists(world)


def _answers() -> dict[str, Callable[[str], dict[str, Any]]]:
    cells = {"request_id": "r1", "revision": 0, "cells": {}, "confirmed": []}
    one_cell = {"json": cells | {"cells": {"1.grant": "yes"}}}
    chosen = {"rows": ["1"], "request_id": "t1"}
    parameters = {"parameters-cls_name": "V 1", "parameters-cls_pupils": "2", "request_id": "s2"}
    return {
        "collection:step": lambda thing: parameters if thing == "class" else {"general-rooms": "4", "request_id": "s1"},
        "collection:save_step": lambda thing: {"json": cells | {"cells": {"rooms": "4"}}},
        "collection:add_class": lambda thing: {"name": "VII A"},
        "collection:link": lambda thing: {"act": "send"},
        "collection:table_question": lambda thing: chosen,
        "collection:link_question": lambda thing: chosen,
        "collection:table_save": lambda thing: one_cell,
        "collection:link_save": lambda thing: one_cell,
        "collection:table_paste": lambda thing: {"json": {"text": "Da", "row": 1, "column": "grant"}},
    }


def _acts(world: World) -> dict[str, Callable[[str], dict[str, Any]]]:
    reason, exempt = {"reason": "Se verifică."}, {"reason": "other", "text": "Se mută."}
    until = {"reason": "Inundație.", "until": "31.12.2035 16:00"}
    asked = {
        "block": reason, "unblock": {}, "reopen": reason, "return_class": reason, "return_extended": reason, "return_section": reason | {"section": "basic"},
        "withdraw_exemption": reason, "exempt": exempt, "extend": until, "request_extended": until, "remind": {},
    }  # fmt: skip
    pk = {thing: world.things[thing][0]["pk"] for thing in ("unit", "school", "county")}
    loc = {"school": pk["unit"], "county": pk["school"], "nation": pk["county"]}
    alone = {f"collection:deed {act}": lambda thing, data=data: data for act, data in asked.items()}
    many = {f"collection:many {act}": lambda thing, data=data: data | {"loc": loc[thing]} for act, data in asked.items()}
    return alone | many


def _texts(world: World, round_: Round) -> dict[str, Callable[[str], dict[str, Any]]]:
    draft = MethodologyDraft.objects.get(pk=world.things["draft"][0]["pk"])
    return {
        "account_profile": lambda thing: {"full_name": "Nume Nou", "phone": "0722123456"},
        "account_reset_password": lambda thing: {"email": "cineva@example.ro"},
        "rounds:drafts": lambda thing: {"archive": SimpleUploadedFile("scoli.zip", drafting.archived(draft.files, "scoli"))},
        "rounds:bring": lambda thing: {"folder": "2025-2026"},
        "rounds:draft_file": lambda thing: {"path": "nou.md", "text": "Un fișier nou."},
        "rounds:publish": lambda thing: {"note": "A doua.", "confirmation": "scoli 2", "revision": str(draft.revision)},
        "rounds:windows": lambda thing: windows_of(round_),
        "rounds:letter": lambda thing: {"letter": "Bună ziua, {inspectorat}."},
        "contact:ask": lambda thing: {"subject": "Termene"},
        "contact:ticket": lambda thing: {"text": "Un răspuns.", "request_id": "a" * 32},
        "contact:link": lambda thing: {"text": "Încă ceva.", "request_id": "b" * 32},
    }


def _lists(world: World) -> dict[str, Callable[[str], dict[str, Any]]]:
    places = world.cast.places
    uploaded = NetworkImport.objects.get(pk=world.things["uploaded list of the county"][0]["pk"]).mapping
    columns = {"sheet": uploaded["sheet"], "header": str(uploaded["header"])} | {
        f"column_{place}": code for place, code in uploaded["fields"].items()
    }
    assert len(columns) == len(HEADER) + 2
    return {
        "accounts:invitation": lambda thing: {"full_name": "Persoana Nouă"},
        "accounts:invite": lambda thing: {"email": "alta@example.ro", "role": "director" if "school" in thing else "unit_manager"},
        "accounts:invite_many": lambda thing: {"rows": f"{places['tiur'].code};cineva@example.ro;Cineva Nou", "trimiteti": "1"},
        "accounts:replace_role": lambda thing: {"email": "alta@example.ro"},
        "accounts:reset_factor": lambda thing: {"reason": "Telefon pierdut."},
        "exports:exports": lambda thing: {"kind": "csv", "units": "all"},
        "network:correct": lambda thing: {"name": "Nume nou"},
        "network:move": lambda thing: {"code": places["sebes"].code},
        "network:close": lambda thing: {"day": "01.09.2025"},
        "network:add": lambda thing: {"code": "0162100089", "name": "Unitate nouă"},
        "network:columns": lambda thing: columns,
        "network:upload": lambda thing: {"kind": "network", "school_year": "2025-2026"},
    }


def windows_of(round_: Round) -> dict[str, str]:
    """The windows of a round as its form sends them."""
    sent = {}
    for name in calendar.CALENDAR:
        moment = getattr(round_, name) if name == "opens_at" else getattr(round_, name).replace(second=0, microsecond=0)
        sent[f"{name}_day"], sent[f"{name}_hour"] = calendar.typed(moment, limit=name != "opens_at")
    return sent
