"""How far a job is, for pages that wait for it."""

from __future__ import annotations

from django import template

from portal.outbox.models import Job

register = template.Library()


@register.simple_tag
def job_of(kind: str, key: object) -> Job | None:
    """The job of a kind and key; None when nobody has asked for it."""
    return Job.objects.filter(kind=kind, key=str(key)).first()


@register.simple_tag
def job_at_work(kind: str, subject: object) -> Job | None:
    """The last job of a kind that was asked for a subject (keys ``subject:when``), unless it is done."""
    last = Job.objects.filter(kind=kind, key__startswith=f"{subject}:").order_by("-pk").first()
    return last if last is not None and last.state != Job.State.DONE else None
