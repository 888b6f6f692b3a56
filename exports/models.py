"""Documents made for people: unit reports, workbooks. Kept for ever, with the digests they were made from."""

from __future__ import annotations

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
        WORKBOOK = "workbook", _("Registru Excel")
        CSV = "csv", _("Arhivă CSV")

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind)
    number = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300)
    file = models.CharField(max_length=200, blank=True)
    """Path under the data folder's ``documents``; named by ids, never by what people typed."""
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    methodology_digest = models.CharField(max_length=64, blank=True)
    data_digest = models.CharField(max_length=64, blank=True)
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
