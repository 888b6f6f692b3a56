"""What a round keeps: a collection a place and a class, its answers as documents, class links, events, frozen results."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.network.codes import STATUS_AT
from portal.network.models import Level, Place
from portal.network.paths import PathField
from portal.rounds.models import Round

CLASS = "class"
LEVELS = [*Level.choices, (CLASS, _("Clasă"))]


class Collection(models.Model):
    """The part of one place (or class) in one round, with a snapshot of the place as it was then.

    ``path`` holds the ids of the chain from the nation down to itself (``/1/9/40/``). Classes have no place of the network: their
    ``code`` is stable within the unit. Counters of a unit are kept by the acts on its own classes; nothing above a unit is written by a save.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Deschis")
        FINALISED = "finalised", _("Finalizat")

    class Progress(models.TextChoices):
        NOT_STARTED = "not_started", _("Neînceput")
        IN_PROGRESS = "in_progress", _("În lucru")
        COMPLETE = "complete", _("Complet")
        SUBMITTED = "submitted", _("Trimis")
        RETURNED = "returned", _("Returnat")

    class Extended(models.TextChoices):
        OPTIONAL = "optional", _("Opțional")
        REQUESTED = "requested", _("Cerut")
        FINALISED = "finalised", _("Finalizat")

    round = models.ForeignKey(Round, models.PROTECT, related_name="collections")
    level = models.CharField(max_length=10, choices=LEVELS)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="collections")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = PathField(max_length=100, db_index=True, blank=True)
    code = models.CharField(max_length=32)
    identity = models.GeneratedField(
        expression=Concat(Substr("code", 1, STATUS_AT), Value("_"), Substr("code", STATUS_AT + 2)),
        output_field=models.CharField(max_length=33), db_persist=True,
    )  # fmt: skip
    """What names the same place in the rounds of other years (``network.codes.identity``)."""
    name = models.CharField(max_length=300)
    sort_key = models.CharField(max_length=300, blank=True)
    attributes = models.JSONField(default=dict, blank=True)

    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reopened = models.BooleanField(default=False)
    blocked = models.BooleanField(default=False)
    exempt = models.BooleanField(default=False)
    progress = models.CharField(max_length=12, choices=Progress, default=Progress.NOT_STARTED)
    extended = models.CharField(max_length=10, choices=Extended, default=Extended.OPTIONAL)
    extended_until = models.DateTimeField(null=True, blank=True)
    returned_section = models.CharField(max_length=40, blank=True)
    """Of a unit: the only section that a partial return has opened again."""
    finalised_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    """When it first came, valid: final, or for a class its table sent. Kept when it is opened again; ``completeness`` asks it."""

    classes = models.PositiveIntegerField(default=0)
    classes_submitted = models.PositiveIntegerField(default=0)
    classes_on_time = models.PositiveIntegerField(default=0)
    pupils = models.PositiveIntegerField(default=0)

    latest: dict[str, datetime] | None = None
    """The last end of its extensions by section ('' the whole place), where a chain has been read with them; no column."""

    class Meta:
        verbose_name = _("colectare")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "place"], condition=Q(place__isnull=False), name="collection_once_a_place"),
            models.UniqueConstraint(fields=["parent", "code"], condition=Q(level=CLASS), name="class_code_once_a_unit"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["parent", "sort_key"]),
            models.Index(fields=["round", "level", "state"]),
            models.Index(fields=["round", "level", "identity"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chain_ids(self) -> list[int]:
        """Ids from the nation down to itself."""
        return [int(part) for part in self.path.split("/") if part]


class Exemption(models.Model):
    """Why a place was left out of a round; withdrawn ones are kept."""

    class Reason(models.TextChoices):
        SPECIAL = "special", _("Unitate de învățământ special")
        NO_PUPILS = "no_pupils", _("Fără elevi în acest an școlar")
        CLOSED = "closed", _("Desființată sau comasată")
        TOO_SMALL = "too_small", _("Prea puțini elevi pentru indicatori")
        OTHER = "other", _("Alt motiv")

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="exemptions")
    reason = models.CharField(max_length=40, choices=Reason)
    text = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("exceptare")

    def __str__(self) -> str:
        return f"{self.collection}: {self.reason}"


class Extension(models.Model):
    """A later limit for one place, or one section of it. It ends by itself."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="extensions")
    section = models.CharField(max_length=40, blank=True)
    until = models.DateTimeField()
    reason = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("prelungire")

    def __str__(self) -> str:
        return f"{self.collection}: {self.until}"


class Response(models.Model):
    """The answers of a collection to one section of its form: one JSON document, field code → value.

    Repeating steps lie inside, by step code, as lists of documents. ``revision`` rises with every save. ``published``: while an extended part
    is written under a final unit, what its frozen figures came from (False: nothing was there); None: they came from ``values``.
    """

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="responses")
    section = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    published = models.JSONField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("răspuns")
        constraints: ClassVar = [models.UniqueConstraint(fields=["collection", "section"], name="response_once_a_section")]

    def __str__(self) -> str:
        return f"{self.collection}: {self.section}"


class ClassTable(models.Model):
    """The rows of one class, as the compact document of ``engine.storage``, readable with the pinned methodology version alone."""

    collection = models.OneToOneField(Collection, models.PROTECT, related_name="table")
    content = models.BinaryField()
    rows = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    order_revision = models.PositiveIntegerField(default=0)
    """The revision at which the rows were last mixed: cells of older pages name other rows."""
    confirmed = models.JSONField(default=list, blank=True)
    """Columns that somebody has looked at and saved: nearly every cell is filled in from the start, so being filled says nothing."""
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("tabelul clasei")

    def __str__(self) -> str:
        return str(self.collection)


class Draft(models.Model):
    """What somebody typed on a step and could not be saved as answers yet: kept until it is, so that nothing typed is lost."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="drafts")
    author = models.CharField(max_length=64)
    """``user:ID`` or ``link:ID``."""
    step = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("ciornă")
        constraints: ClassVar = [models.UniqueConstraint(fields=["collection", "author", "step"], name="draft_once_a_step")]

    def __str__(self) -> str:
        return f"{self.collection}: {self.step}"


class ClassLink(models.Model):
    """The link of one class table, for a class teacher without an account. Only a hash of the token is stored."""

    collection = models.OneToOneField(Collection, models.PROTECT, related_name="link")
    version = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    """Kept only until the link ends."""
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link de clasă")
        constraints: ClassVar = [models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="link_token_once")]

    def __str__(self) -> str:
        return str(self.collection)


class Explanation(models.Model):
    """The written reason for a check that asks for one."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="explanations")
    """The place the check points at: a class or the unit."""
    check_code = models.CharField(max_length=40)
    text = models.TextField()
    author = models.CharField(max_length=64)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("explicație")
        constraints: ClassVar = [models.UniqueConstraint(fields=["collection", "check_code"], name="explanation_once_a_check")]

    def __str__(self) -> str:
        return f"{self.collection}: {self.check_code}"


class Appended(models.QuerySet["Event"]):
    """Events; what was appended is changed by no door. The database refuses it as well."""

    def update(self, **kwargs: Any) -> int:
        raise Unchangeable("history is only appended to")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Unchangeable("history is only appended to")


class Unchangeable(Exception):
    """Somebody tried to change or delete an event of the history."""


class Event(models.Model):
    """One act, appended and never changed: history, base of conflicts and idempotence in one.

    ``changes`` of a save: touched cells, each ``[from, to]``; ``detail``: what an act was about. Whole snapshots only at submit, return,
    finalise and reopen.
    """

    class Through(models.TextChoices):
        PAGE = "page", _("pagină")
        LINK = "link", _("link de clasă")
        IMPORT = "import", _("import")
        JOB = "job", _("lucrare automată")
        COMMAND = "command", _("comandă")

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey(ClassLink, models.PROTECT, null=True, blank=True, related_name="events")
    through = models.CharField(max_length=10, choices=Through, default=Through.PAGE)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    section = models.CharField(max_length=40, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=dict, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager[Event]] = Appended.as_manager()

    class Meta:
        verbose_name = _("eveniment")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "request_id"], condition=~Q(request_id=""), name="event_once_a_request")
        ]
        indexes: ClassVar = [models.Index(fields=["collection", "at"])]

    def __str__(self) -> str:
        return f"{self.collection}: {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unchangeable("history is only appended to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Unchangeable("history is only appended to")


class Result(models.Model):
    """The frozen figures of a unit, as published, with the digests of what they were computed from. Never changed; a new freeze is a new number.

    ``figures``: indicator code → value, status, reason, band, items, provisional. ``checks``: what fired, with its explanation. ``at_risk``:
    whether the methodology suggests asking for the extended section.
    """

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="results")
    number = models.PositiveIntegerField()
    figures = models.JSONField()
    checks = models.JSONField(default=list)
    at_risk = models.BooleanField(default=False)
    methodology_digest = models.CharField(max_length=64)
    data_digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("rezultat")
        constraints: ClassVar = [models.UniqueConstraint(fields=["collection", "number"], name="result_number_once")]

    def __str__(self) -> str:
        return f"{self.collection} nr. {self.number}"


class ExactValues(models.Model):
    """The exact numbers of a final place, for the formulas of next year: name of the answer, calculation or indicator → whole number, or
    a fraction as text. One row a place, there as long as it is final."""

    collection = models.OneToOneField(Collection, models.CASCADE, related_name="exact_values")
    values = models.JSONField()

    class Meta:
        verbose_name = _("valori exacte")

    def __str__(self) -> str:
        return str(self.collection)


class Batch(models.Model):
    """One act on many places below a board. Each place has its line, written with the act itself; ``undoes``: the batch it takes back."""

    board = models.ForeignKey(Collection, models.PROTECT, related_name="batches")
    action = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    request_id = models.CharField(max_length=64, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        verbose_name = _("acțiune pe mai multe locuri")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["board", "request_id"], condition=~Q(request_id=""), name="batch_once_a_request"),
        ]

    def __str__(self) -> str:
        return f"{self.board}: {self.action}"


class BatchLine(models.Model):
    """What an act on many came to at one place: done, or refused with a code and a sentence."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="+")
    done = models.BooleanField()
    code = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True)

    class Meta:
        verbose_name = _("rezultat al unei acțiuni pe mai multe locuri")
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "collection"], name="batch_line_once_a_place")]

    def __str__(self) -> str:
        return f"{self.collection}: {self.code or 'done'}"
