"""Who changed the network, when, and by which list or correction."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.network.models import Place


class NetworkImport(models.Model):
    """One list that somebody sent, from its upload to its being applied or taken back.

    ``place``: the county or nation it is for, and so the counties it may touch; None for a command at the server. ``content`` and ``preview``
    are kept only until the import is applied or given up; ``sha256`` names the file afterwards. ``report``: the dry run; ``difference``: what
    was written, from which it is undone. ``asked_at``: when a job was last asked to apply or undo it; ``refusal``: why that job did nothing.
    """

    class Kind(models.TextChoices):
        NETWORK = "network", _("Rețeaua școlară")
        PUPILS = "pupils", _("Efective de elevi")
        CLASSES = "classes", _("Clasele unui an școlar")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Încărcat")
        MAPPED = "mapped", _("Coloane alese")
        CHECKED = "checked", _("Verificat")
        APPLYING = "applying", _("Se aplică")
        APPLIED = "applied", _("Aplicat")
        UNDOING = "undoing", _("Se anulează")
        UNDONE = "undone", _("Anulat")
        ABANDONED = "abandoned", _("Abandonat")

    class Through(models.TextChoices):
        PAGE = "page", _("pagină")
        COMMAND = "command", _("comandă")

    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="imports")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    through = models.CharField(max_length=10, choices=Through, default=Through.PAGE)
    school_year = models.CharField(max_length=9, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(default=b"")
    preview = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=list, blank=True)
    """Every change that the dry run found, a line each (``report.every_change``); the report names the first of each kind."""
    plan_digest = models.CharField(max_length=64, blank=True)
    clears_missing = models.BooleanField(default=False)
    difference = models.JSONField(default=dict, blank=True)
    refusal = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        indexes: ClassVar = [models.Index(fields=["place", "-uploaded_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for something to be done."""
        return self.state in (self.State.UPLOADED, self.State.MAPPED, self.State.CHECKED)

    @property
    def job(self) -> tuple[str, str] | None:
        """Kind and key of the job that is at work on it."""
        kinds = {self.State.APPLYING: "import_apply", self.State.UNDOING: "import_undo"}
        kind = kinds.get(self.State(self.state))
        return (kind, f"{self.pk}:{self.asked_at.timestamp()}") if kind and self.asked_at else None

    @property
    def is_ready(self) -> bool:
        """Whether it has been checked and can be applied."""
        return self.state == self.State.CHECKED and not self.report["errors"] and not self.report["changes_nothing"]


class Correction(models.Model):
    """One change of one place, made by hand. Appended, never changed. ``changes``: field → [from, to]."""

    class Act(models.TextChoices):
        ADDED = "added", _("Adăugare")
        CORRECTED = "corrected", _("Corectare")
        MOVED = "moved", _("Mutare")
        CLOSED = "closed", _("Închidere")
        REOPENED = "reopened", _("Redeschidere")

    place = models.ForeignKey(Place, models.PROTECT, related_name="corrections")
    act = models.CharField(max_length=10, choices=Act)
    changes = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("corectare")
        indexes: ClassVar = [models.Index(fields=["place", "-at"])]

    def __str__(self) -> str:
        return f"{self.place}: {self.get_act_display()}"
