"""How far a job is, for pages that wait for it."""

from __future__ import annotations

from django import template

from portal.outbox.models import Job

register = template.Library()


@register.simple_tag
def job_of(kind: str, key: object) -> Job | None:
    """The job of a kind and key; None when nobody has asked for it."""
    return Job.objects.filter(kind=kind, key=str(key)).first()
