"""Documents made for people: unit reports, letters, workbooks. Kept for ever, with the digests they were made from."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.collection.models import Collection


class Document(models.Model):
    """A file made by a job. ``number`` counts the reports of a collection; an outdated one is kept and marked."""

    class Kind(models.TextChoices):
        UNIT_REPORT = "unit_report", _("Raportul unității")
        LETTER = "letter", _("Scrisoarea de deschidere")
        WORKBOOK = "workbook", _("Registru Excel")
        CSV = "csv", _("Arhivă CSV")

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind)
    number = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    methodology_digest = models.CharField(max_length=64, blank=True)
    data_digest = models.CharField(max_length=64, blank=True)
    final_only = models.BooleanField(default=False)
    """Of exports: whether only final units are in it."""
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    outdated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "kind", "number"], name="document_number_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """Of the job that makes it: one for each document, whatever is asked how often."""
        return f"{self.collection_id}:{self.number}"

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.kind]

    @property
    def path(self) -> Path:
        """Where the file lies, or will."""
        return Path(settings.DATA_DIR) / "documents" / str(self.collection_id) / f"{self.pk}{self.suffix}"

    @property
    def download_name(self) -> str:
        """What the file is called on the machine of whoever downloads it: made of ids."""
        return f"{DOWNLOADS[self.kind]}-{self.collection_id}-{self.number}{self.suffix}"


Kind = Document.Kind
SUFFIXES: dict[str, str] = {Kind.UNIT_REPORT: ".pdf", Kind.LETTER: ".pdf", Kind.WORKBOOK: ".xlsx", Kind.CSV: ".zip"}
DOWNLOADS: dict[str, str] = {Kind.UNIT_REPORT: "raport", Kind.LETTER: "scrisoare", Kind.WORKBOOK: "registru", Kind.CSV: "date"}
