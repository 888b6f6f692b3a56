"""Tickets: a question to the people of one place, with the messages that follow. Who has no account leaves name and address, and gets a link."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.contact.files import KINDS
from portal.network.models import Place


class TicketQuerySet(models.QuerySet["Ticket"]):
    def waiting(self) -> TicketQuerySet:
        """Those in which it is the turn of the place."""
        return self.filter(state__in=WAITING)


class Ticket(models.Model):
    """A question to the people of ``place``. ``about``: the place from which it was asked, when that is known.

    ``reference`` may be told to anybody; the link of somebody without an account is derived from the id, and only its hash is stored.
    """

    class State(models.TextChoices):
        NEW = "new", _("Nou")
        AGAIN = "again", _("Revenit")
        ANSWERED = "answered", _("Cu răspuns")
        CLOSED = "closed", _("Închis")

    reference = models.CharField(max_length=12, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="tickets")
    about = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tickets")
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("mesaj")
        indexes: ClassVar = [models.Index(fields=["place", "state"]), models.Index(fields=["author", "touched_at"])]
        constraints: ClassVar = [models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="ticket_token_once")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.subject}"

    @property
    def sender(self) -> str:
        return self.author.full_name if self.author is not None else self.name

    @property
    def reply_to(self) -> str:
        """Where answers are mailed."""
        return self.author.email if self.author is not None else self.email

    @property
    def status(self) -> str:
        """Its code among the states of ``portal.ui.status``."""
        return f"ticket_{self.state}"


WAITING = (Ticket.State.NEW, Ticket.State.AGAIN)


class TicketMessage(models.Model):
    """One message of a ticket. ``answer``: from the place to the sender; else from the sender. ``by``: None for a sender without an account."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages")
    answer = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()
    request_id = models.CharField(max_length=64, unique=True)
    """Of the form it came with: sent twice, it is one message."""

    class Meta:
        verbose_name = _("mesaj")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.ticket}: {self.at}"

    @property
    def writer(self) -> str:
        return self.by.full_name if self.by is not None else self.ticket.name


class TicketFile(models.Model):
    """A file that came with a message. It lies under the data folder by its id; the name it came with is only shown."""

    message = models.ForeignKey(TicketMessage, models.PROTECT, related_name="files")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=[(code, kind.label) for code, kind in KINDS.items()])
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("fișier")

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return Path(settings.DATA_DIR) / "contact" / str(self.message_id) / str(self.pk)

    @property
    def label(self) -> Any:
        return KINDS[self.kind].label

    @property
    def download_name(self) -> str:
        """What it is called on the machine of whoever downloads it: made of ids."""
        return f"anexa-{self.pk}{KINDS[self.kind].suffix}"
