"""Mails of the people room, sent by workers: invitations, links for a new password, changes of what protects an account.

Links are made here, so that no token is stored.
"""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.languages import spoken_to
from portal.accounts.models import AccountEvent, Invitation, User
from portal.accounts.services.invitations import link_token
from portal.outbox.mail import Message, absolute, send
from portal.outbox.models import Job
from portal.outbox.registry import handles
from portal.ui.frame import commission


@handles("invitation", queue="mail")
def send_invitation(job: Job) -> None:
    """Mails an invitation that is still open; one accepted or withdrawn meanwhile is let go."""
    found = Invitation.objects.select_related("place", "invited_by__user", "invited_by__place").filter(pk=job.payload["invitation"]).first()
    if found is None or found.state() != Invitation.State.PENDING:
        return
    with spoken_to(User.objects.filter(email=found.email).first()):
        send(invitation_message(found))
    Invitation.objects.filter(pk=found.pk).update(sent_at=timezone.now())


def invitation_message(invitation: Invitation) -> Message:
    limit = date_format(timezone.localtime(invitation.expires_at), "DATETIME_FORMAT")
    return Message(
        to=invitation.email,
        subject=_("Invitație: {role}, {place}").format(role=invitation.label, place=" ".join(invitation.place.name.split())),
        paragraphs=_what_and_from_whom(invitation),
        action=(_("Acceptați invitația"), absolute(reverse("accounts:invitation", args=[link_token(invitation)]))),
        after=[
            _("Linkul este valabil până la {limit} și este numai pentru dumneavoastră: nu îl dați mai departe.").format(limit=limit),
            _("Dacă ați primit mesajul din greșeală, nu trebuie să faceți nimic: contul se face numai dacă acceptați."),
        ],
        commission=str(commission()),
    )


def _what_and_from_whom(invitation: Invitation) -> list[str]:
    greeting = _("Bună ziua, {name},").format(name=invitation.full_name) if invitation.full_name else _("Bună ziua,")
    text = _("Vă invităm să lucrați în platforma de monitorizare a segregării școlare, cu rolul „{role}”, la: {place}.")
    paragraphs = [greeting, text.format(role=invitation.label, place=invitation.place.name)]
    inviter = invitation.invited_by
    if inviter is not None:
        sender = _("Invitația a fost trimisă de {name} ({role}, {place}).")
        paragraphs.append(sender.format(name=inviter.user.full_name, role=inviter.label, place=inviter.place.name))
    return paragraphs


@handles("password_reset", queue="urgent")
def send_new_password_link(job: Job) -> None:
    user = User.objects.filter(pk=job.payload["user"], is_active=True).first()
    if user is not None:
        with spoken_to(user):
            send(new_password_message(user))


def new_password_message(user: User) -> Message:
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return Message(
        to=user.email,
        subject=_("Alegeți o parolă nouă"),
        paragraphs=[
            _("Bună ziua, {name},").format(name=user.full_name),
            _("Cineva, probabil dumneavoastră, a cerut o parolă nouă pentru contul cu această adresă."),
        ],
        action=(_("Alegeți parola nouă"), absolute(reverse("account_reset_password_from_key", kwargs=key))),
        after=[_("Linkul este valabil 24 de ore. Dacă nu ați cerut nimic, nu trebuie să faceți nimic: parola rămâne aceeași.")],
        commission=str(commission()),
    )


@handles("account_event", queue="urgent")
def tell_of_event(job: Job) -> None:
    event = AccountEvent.objects.select_related("user", "by").get(pk=job.payload["event"])
    with spoken_to(event.user):
        send(event_message(event))


def event_message(event: AccountEvent) -> Message:
    when = date_format(timezone.localtime(event.at), "DATETIME_FORMAT")
    paragraphs = [
        _("Bună ziua, {name},").format(name=event.user.full_name),
        _("{what} S-a întâmplat la {when}.").format(what=event.get_action_display(), when=when),
    ]
    if event.action == AccountEvent.Action.FACTOR_RESET:
        who = event.by.full_name if event.by is not None else _("administratorul platformei")
        paragraphs.append(_("L-a șters {who}, cu motivul: {reason}").format(who=who, reason=event.reason))
        paragraphs.append(_("Toate sesiunile contului au fost închise. La următoarea intrare în cont porniți din nou al doilea factor."))
    return Message(
        to=event.user.email,
        subject=_("Siguranța contului: {what}").format(what=event.get_action_display().rstrip(".")),
        paragraphs=paragraphs,
        action=(_("Vedeți contul"), absolute(reverse("account_profile"))),
        after=[_("Dacă nu știți nimic despre aceasta, schimbați parola și scrieți imediat celui care vă ajută.")],
        commission=str(commission()),
    )
