"""What follows from signing in and out: the session knows its end, the list of open sessions is true."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts import interruptions, sessions


@receiver(user_logged_in)
def session_begins(request: HttpRequest, **said: Any) -> None:
    sessions.begin(request.session)
    interruptions.forget_what_is_of_others(request)
    UserSession.objects.filter(created_at__lt=timezone.now() - sessions.LONGEST).delete()


@receiver(user_logged_out)
def session_is_over(request: HttpRequest, **said: Any) -> None:
    UserSession.objects.filter(session_key=request.session.session_key).delete()
