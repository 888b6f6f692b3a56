"""Users, the roles they hold at places, invitations, and what happened to the protection of accounts.

An account holds name, e-mail, phone, roles and the language it chose; nothing else personal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import ROLES
from portal.network.models import Place


def normal_email(text: str) -> str:
    """An address as it is stored and compared: in lower case, whole."""
    return text.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the e-mail address is the name one signs in with."""

    def create_user(self, email: str, full_name: str, password: str | None = None, phone: str = "") -> User:
        user = self.model(email=normal_email(email), full_name=full_name, phone=phone)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person. Rights come from memberships only: there is no superuser and no way round them."""

    email = models.EmailField(_("adresa de e-mail"), max_length=254, unique=True)
    full_name = models.CharField(_("numele complet"), max_length=150)
    phone = models.CharField(_("telefonul"), max_length=30, blank=True)
    language = models.CharField(_("limba"), max_length=10, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("cont")
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def held(self) -> MembershipQuerySet:
        """Roles not ended: the only ones that give rights."""
        return self.filter(ended_at=None)


class Membership(models.Model):
    """A role of a person at a place, until it is ended. Ended ones are kept: history names them."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    place = models.ForeignKey(Place, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(code, role.label) for code, role in ROLES.items()])
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("rol")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "place", "role"], condition=Q(ended_at=None), name="role_held_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {ROLES[self.role].label} – {self.place}"

    @property
    def label(self) -> Any:
        return ROLES[self.role].label


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """``open_``: neither accepted nor withdrawn; whether it can still be accepted also depends on the moment."""

    def open_(self) -> InvitationQuerySet:
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """An invitation to a role at a place, sent by e-mail. Role and place are kept here, never in the address; only a hash of the token is stored."""

    class State(models.TextChoices):
        PENDING = "pending", _("Invitație trimisă")
        EXPIRED = "expired", _("Expirat")
        ACCEPTED = "accepted", _("Acceptată")
        WITHDRAWN = "withdrawn", _("Revocat")

    email = models.EmailField(max_length=254)
    full_name = models.CharField(max_length=150, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=[(code, role.label) for code, role in ROLES.items()])
    invited_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="invitations")
    """The role under which it was made; the invitation dies with it. None: made by a command."""
    version = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(default=timezone.now)
    """When its sending was last asked for."""
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitație")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="invitation_token_once"),
            models.UniqueConstraint(
                Lower("email"), "place", "role", condition=Q(accepted_at=None, withdrawn_at=None), name="pending_invitation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} – {ROLES[self.role].label} – {self.place}"

    @property
    def label(self) -> Any:
        return ROLES[self.role].label

    def state(self, at: datetime | None = None) -> Invitation.State:
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        return self.State.PENDING if (at or timezone.now()) < self.expires_at else self.State.EXPIRED


class AccountEvent(models.Model):
    """One change of what protects an account, appended and never changed. ``by``: None for a command at the server."""

    class Action(models.TextChoices):
        FACTOR_ON = "factor_on", _("Al doilea factor a fost pornit.")
        FACTOR_OFF = "factor_off", _("Al doilea factor a fost oprit.")
        FACTOR_RESET = "factor_reset", _("Al doilea factor pierdut a fost șters.")
        CODES_RENEWED = "codes_renewed", _("Codurile de rezervă au fost înlocuite.")
        PASSWORD_CHANGED = "password_changed", _("Parola a fost schimbată.")

    user = models.ForeignKey(User, models.PROTECT, related_name="account_events")
    action = models.CharField(max_length=20, choices=Action)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("eveniment al contului")
        indexes: ClassVar = [models.Index(fields=["user", "at"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.action}"
