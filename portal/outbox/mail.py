"""E-mail as the product writes it: plain text and simple HTML in the colours of the pages. Sent by jobs only, never while a page waits."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mimetype: str


@dataclass(frozen=True, slots=True)
class Message:
    """``action``: the one button, as (what it does, address). ``commission``: as the methodology names it."""

    to: str
    subject: str
    paragraphs: Sequence[str]
    action: tuple[str, str] | None = None
    after: Sequence[str] = ()
    commission: str = ""
    attachments: Sequence[Attachment] = field(default_factory=tuple)


def absolute(path: str) -> str:
    """The full address of a page, for use outside requests. ``path`` comes from ``reverse``."""
    return f"{settings.SITE_URL}{path}"


def send(message: Message) -> None:
    """Sends now. Whatever the mail server answers is raised, so that the job is tried again."""
    context = {"message": message}
    text = render_to_string("outbox/mail.txt", context)
    mail = EmailMultiAlternatives(message.subject, text, to=[message.to], headers={"Auto-Submitted": "auto-generated"})
    mail.attach_alternative(render_to_string("outbox/mail.html", context), "text/html")
    for attachment in message.attachments:
        mail.attach(attachment.name, attachment.content, attachment.mimetype)
    mail.send()


class FileBackend(EmailBackend):
    """For development: each message becomes a file, and the log says which."""

    def close(self) -> None:
        written = self.stream is not None
        super().close()
        if written:
            logger.info("mail written to %s", self._get_filename())  # type: ignore[attr-defined]
