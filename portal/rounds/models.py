"""Published methodologies, and the rounds that are held on them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MethodologyVersion(models.Model):
    """A version of a methodology, as text: file name → content. Published ones never change; a round pins one."""

    code = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    files = models.JSONField()
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("versiune de metodologie")
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "digest"], name="methodology_content_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Round(models.Model):
    """One yearly collection on one methodology. The windows are moments: each limit is the first moment that is too late."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Pregătire")
        OPEN = "open", _("Deschisă")
        CLOSED = "closed", _("Închisă")

    school_year = models.CharField(_("anul școlar"), max_length=9)
    methodology = models.ForeignKey(MethodologyVersion, models.PROTECT, related_name="rounds")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    opens_at = models.DateTimeField(_("începe"))
    class_close = models.DateTimeField(_("închiderea claselor"))
    unit_close = models.DateTimeField(_("închiderea unităților"))
    school_close = models.DateTimeField(_("închiderea școlilor"))
    county_close = models.DateTimeField(_("închiderea județelor"))
    amend_until = models.DateTimeField(_("corecturi până la"))
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    letter = models.TextField(_("scrisoarea către inspectorate"), blank=True)

    class Meta:
        verbose_name = _("campanie")
        ordering: ClassVar = ["-school_year"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["school_year"], name="round_once_a_year")]

    def __str__(self) -> str:
        return self.school_year
