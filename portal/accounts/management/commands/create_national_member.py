"""The first national member, without whom nobody can be invited: prints an invitation link, or makes the account with a password given on stdin."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from portal.accounts import services
from portal.accounts.contacts import normal_name
from portal.accounts.models import Membership, User, normal_email
from portal.accounts.services.invitations import link_token
from portal.network.models import Level, Place
from portal.outbox.mail import absolute

ROLE = "national_member"


class Command(BaseCommand):
    help = "Invită primul membru CNDIE și tipărește linkul invitației; cu --password-stdin face direct contul."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("full_name", metavar="NUME")
        parser.add_argument("--password-stdin", action="store_true", help="citește parola de la intrarea standard și face contul")

    def handle(self, *args: Any, **options: Any) -> None:
        email, full_name = _checked(options["email"], options["full_name"])
        with transaction.atomic():
            if options["password_stdin"]:
                self.stdout.write(make_account(email, full_name, sys.stdin.readline().rstrip("\n")))
            else:
                self.stdout.write(make_invitation(email, full_name))


def _checked(email: str, full_name: str) -> tuple[str, str]:
    name = normal_name(full_name)
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError("Adresa de e-mail nu este completă.") from error
    if name is None:
        raise CommandError("Numele poate avea numai litere, spații, cratimă, punct sau apostrof.")
    return normal_email(email), name


def country() -> Place:
    """The place at the top of the network; made when the network is still empty."""
    found = Place.objects.filter(level=Level.NATIONAL).order_by("pk").first()
    return found or Place.objects.create(level=Level.NATIONAL, code="RO", name="România")


def make_account(email: str, full_name: str, password: str) -> str:
    """Running it again changes nothing: an account that exists keeps its password."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, full_name=full_name)
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        user.save()
    _membership, created = Membership.objects.get_or_create(user=user, place=country(), role=ROLE, ended_at=None)
    return f"{email}: rol dat." if created else f"{email}: avea deja rolul."


def make_invitation(email: str, full_name: str) -> str:
    if Membership.objects.held().filter(user__email=email, place=country(), role=ROLE).exists():
        raise CommandError("Persoana cu această adresă are deja rolul.")
    invitation, _created = services.invite_first(email=email, full_name=full_name, place=country())
    return absolute(reverse("accounts:invitation", args=[link_token(invitation)]))
