"""Places: everything in the network is one, so that workflow, rights and lists are written once for all levels. And the classes of a school year."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.network.ordering import folded, sort_key
from portal.network.paths import PathField


class Level(models.TextChoices):
    """Levels of the network, from the top. Classes belong to a school year and are no places of the network."""

    NATIONAL = "national", _("Național")
    COUNTY = "county", _("Județ")
    SCHOOL = "school", _("Școală")
    UNIT = "unit", _("Unitate")


ABOVE: dict[str, str] = {Level.COUNTY: Level.NATIONAL, Level.SCHOOL: Level.COUNTY, Level.UNIT: Level.SCHOOL}
"""The level directly above each level."""


class Place(models.Model):
    """One place. ``path`` holds the ids from the top down to itself (``/1/7/120/``), so that a prefix names everything below.

    ``attributes`` are the facts of the official list, by the codes that methodologies prefill from (``residence``, ``locality`` …).
    A school with legal personality and its own unit are two places of the same code.
    """

    level = models.CharField(max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = PathField(max_length=80, db_index=True, blank=True)
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=300)
    sort_key = models.CharField(max_length=300, blank=True)
    search_text = models.CharField(max_length=500, blank=True)
    """Name, code and locality, folded: what a search without diacritics looks in."""
    attributes = models.JSONField(default=dict, blank=True)
    collects = models.BooleanField(default=True)
    """Whether it takes part in a round: institutions without pupils are places without a collection."""
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "code"], name="place_code_once_a_level")]
        indexes: ClassVar = [models.Index(fields=["parent", "sort_key"])]
        verbose_name = _("loc")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keeps ``path`` and the derived texts true. Bulk writing does the same (``importing.applying``)."""
        self.derive()
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            self.path = path
            type(self).objects.filter(pk=self.pk).update(path=path)

    def derive(self) -> None:
        """Sets the texts that follow from the others."""
        self.sort_key = sort_key(self.name)
        self.search_text = folded(f"{self.name} {self.code} {self.attributes.get('locality') or ''}")[:500]

    @property
    def facts(self) -> dict[str, Any]:
        """Everything known of the place, by field code: what the network prefills."""
        return {**self.attributes, "siiir_code": self.code, "unit_name": self.name}


class ClassRecord(models.Model):
    """One class of a unit in a school year, as its inspectorate declared it; a round takes its classes from here.

    ``code`` is stable within unit and year. ``attributes``: the other parameters, by the codes that methodologies prefill from.
    """

    unit = models.ForeignKey(Place, models.PROTECT, related_name="classes")
    school_year = models.CharField(max_length=9)
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    sort_key = models.CharField(max_length=300, blank=True)
    pupils = models.PositiveSmallIntegerField()
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "school_year", "code"], name="class_record_once")]
        verbose_name = _("clasă")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.derive()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def derive(self) -> None:
        """Sets the sort key, which follows from the name."""
        self.sort_key = sort_key(self.name)

    @property
    def parameters(self) -> dict[str, Any]:
        """Everything known of the class, by field code: what the network prefills."""
        return {**self.attributes, "cls_name": self.name, "cls_pupils": self.pupils}
