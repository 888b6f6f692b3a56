"""Published methodologies, and the rounds that are held on them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Frozen(Exception):
    """Somebody tried to change or delete a published methodology. The database refuses it as well."""


class VersionQuerySet(models.QuerySet["MethodologyVersion"]):
    """Versions; what is published is changed by no door."""

    def update(self, **kwargs: Any) -> int:
        _refuse(self.filter(published_at__isnull=False))
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse(self.filter(published_at__isnull=False))
        return super().delete()


class FileQuerySet(models.QuerySet["MethodologyFile"]):
    """Files of versions; those of a published version are changed by no door."""

    def update(self, **kwargs: Any) -> int:
        _refuse(self.filter(version__published_at__isnull=False))
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse(self.filter(version__published_at__isnull=False))
        return super().delete()


def _refuse(published: models.QuerySet[Any]) -> None:
    if published.exists():
        raise Frozen("a published methodology never changes")


class MethodologyVersion(models.Model):
    """A version of a methodology. Once published it never changes; a round pins one. Its text lies in ``files``."""

    code = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager[MethodologyVersion]] = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("versiune de metodologie")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], condition=Q(published_at__isnull=False), name="published_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse(MethodologyVersion.objects.filter(pk=self.pk, published_at__isnull=False))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse(MethodologyVersion.objects.filter(pk=self.pk, published_at__isnull=False))
        return super().delete(*args, **kwargs)


class MethodologyFile(models.Model):
    """One file of a version: YAML, or a file of a worked example. Apart from the version, so that reading rounds reads no text."""

    version = models.ForeignKey(MethodologyVersion, models.CASCADE, related_name="files")
    path = models.CharField(max_length=200)
    text = models.TextField()

    objects: ClassVar[models.Manager[MethodologyFile]] = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("fișier de metodologie")
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "path"], name="methodology_file_once")]

    def __str__(self) -> str:
        return self.path

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse(MethodologyVersion.objects.filter(pk=self.version_id, published_at__isnull=False))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse(MethodologyVersion.objects.filter(pk=self.version_id, published_at__isnull=False))
        return super().delete(*args, **kwargs)


class MethodologyDraft(models.Model):
    """A methodology that is being written: the text of its files, which touches nothing until it is published."""

    code = models.SlugField(max_length=40)
    files = models.JSONField(default=dict)
    """Path in the folder → text."""
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("proiect de metodologie")
        ordering: ClassVar = ["-changed_at"]

    def __str__(self) -> str:
        return self.code


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
    opening_at = models.DateTimeField(null=True, blank=True)
    """When its opening was asked for; until it is open it is still in preparation."""
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    letter = models.TextField(_("scrisoarea către inspectorate"), blank=True)

    class Meta:
        verbose_name = _("campanie")
        ordering: ClassVar = ["-school_year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_year"], name="round_once_a_year"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("class_close"))
                & Q(class_close__lte=F("unit_close"))
                & Q(unit_close__lte=F("school_close"))
                & Q(school_close__lte=F("county_close"))
                & Q(county_close__lte=F("amend_until")),
                name="round_windows_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.school_year

    @property
    def is_opening(self) -> bool:
        """Whether a job is at work to open it."""
        return self.state == self.State.DRAFT and self.opening_at is not None


class RoundEvent(models.Model):
    """One act on a round, appended and never changed: who made it, moved its limits, rewrote its letter, closed it."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=30)
    changes = models.JSONField(default=dict, blank=True)
    """What changed: name → [from, to]."""

    class Meta:
        verbose_name = _("eveniment al campaniei")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.round}: {self.action}"
