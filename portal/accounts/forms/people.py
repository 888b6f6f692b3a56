"""Forms about people: inviting, replacing, joining, one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts import lists, selectors, services
from portal.accounts.contacts import shown_phone
from portal.accounts.forms.fields import PASSWORD_HINT, AddressField, NameField, PhoneField, control
from portal.accounts.models import Invitation, Membership, User
from portal.accounts.roles import ROLES
from portal.network.importing.reading import REFUSALS, Refused
from portal.network.models import Place
from portal.ui.privacy import FreeText

FIELD_OF = {"held": "email", "email": "email", "account_exists": "email"}
"""Where a refusal of the services is shown; elsewhere it concerns the whole form."""


class InviteForm(forms.Form):
    """Whom to invite; the role is asked only where there are several to give."""

    email = AddressField()
    full_name = NameField(required=False, help_text=_("Persoana îl poate corecta când acceptă."))
    role = forms.ChoiceField(label=_("Rolul"), widget=forms.RadioSelect, error_messages={"required": _("Alegeți rolul.")})

    def __init__(self, *args: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role, ROLES[role].label) for role in roles]
        if len(roles) == 1:
            field.widget, field.initial = forms.HiddenInput(), roles[0]

    def invite(self, *, by: User, place: Place) -> Invitation | None:
        """The new invitation; None when it was refused, with the reason in the form."""
        given = {name: self.cleaned_data[name] for name in ("role", "email", "full_name")}
        try:
            invitation, created = services.invite(by=by, place=place, **given)
        except services.Refusal as refusal:
            self.add_error(FIELD_OF.get(refusal.code), str(refusal.sentence))
            return None
        if not created:
            self.add_error("email", _("Această adresă are deja o invitație la acest rol. O puteți trimite din nou din lista invitațiilor."))
            return None
        return invitation


class ReplaceForm(forms.Form):
    """Who follows in a role."""

    email = AddressField()
    full_name = NameField(required=False, help_text=_("Persoana îl poate corecta când acceptă."))

    def replace(self, membership: Membership, *, by: User) -> Invitation | None:
        try:
            return services.replace(membership, by=by, **self.cleaned_data)
        except services.Refusal as refusal:
            self.add_error(FIELD_OF.get(refusal.code), str(refusal.sentence))
            return None


class LostFactorForm(forms.Form):
    """Why somebody's second factor is taken away."""

    reason = FreeText(
        label=_("Motivul"),
        help_text=_("De exemplu: telefon pierdut, confirmat la telefon. Rămâne în istoricul contului, iar persoana îl primește prin e-mail."),
        max_length=500,
        rows=2,
        required_words=_("Scrieți motivul."),
    )


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name and telephone of one's own account."""

    full_name = NameField()
    phone = PhoneField()

    class Meta:
        model = User
        fields = ("full_name", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["phone"] = shown_phone(self.instance.phone)


class JoinForm(forms.Form):
    """The new account of somebody invited."""

    full_name = NameField()
    phone = PhoneField()
    password1 = forms.CharField(
        label=_("Parola"),
        strip=False,
        help_text=PASSWORD_HINT,
        widget=control(forms.PasswordInput, autocomplete="new-password"),
        error_messages={"required": _("Alegeți o parolă.")},
    )
    password2 = forms.CharField(
        label=_("Parola, încă o dată"),
        strip=False,
        widget=control(forms.PasswordInput, autocomplete="new-password"),
        error_messages={"required": _("Scrieți parola încă o dată.")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        password = given.get("password1")
        if password and given.get("password2") and password != given["password2"]:
            self.add_error("password2", _("Cele două parole nu sunt la fel. Scrieți-le din nou."))
        if password:
            try:
                validate_password(password, User(email=self.email, full_name=given.get("full_name") or ""))
            except ValidationError as error:
                self.add_error("password1", error)
        return given

    def join(self, invitation: Invitation) -> User:
        """Makes the account and gives it the role; raises ``services.Refusal``."""
        given = self.cleaned_data
        return services.accept_with_new_account(invitation, full_name=given["full_name"], phone=given["phone"], password=given["password1"])


class ManyForm(forms.Form):
    """A list of people who will lead the places directly below one: a file, or rows that were pasted. What was read of a file stands in the
    box afterwards, to be looked at, corrected and sent."""

    file = forms.FileField(
        label=_("Fișierul"),
        required=False,
        help_text=_("Registru Excel (.xlsx) sau CSV, cu coloanele „Cod”, „E-mail” și, dacă vreți, „Numele”."),
        error_messages={"empty": REFUSALS["empty"]},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    rows = forms.CharField(
        label=_("Lista"),
        required=False,
        help_text=_("Câte o persoană pe rând: codul, adresa de e-mail, numele. Puteți lipi trei coloane dintr-o foaie de calcul."),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        max_length=100_000,
    )

    def __init__(self, data: Any = None, files: Any = None, *, place: Place) -> None:
        super().__init__(data, files)
        self.place = place
        self.read: list[lists.Row] = []

    def clean_file(self) -> Any:
        """Puts what is in the file into the box."""
        file = self.cleaned_data["file"]
        if file is None:
            return None
        try:
            text = lists.of_file(file.read())
        except Refused as refusal:
            raise ValidationError(refusal.sentence) from refusal
        except lists.NoColumns as found:
            raise ValidationError([*found.sentences]) from found
        self.data = {**dict(self.data.items()), "rows": text}
        return file

    def clean_rows(self) -> str:
        text = str(self.cleaned_data["rows"])
        if not text and not self.files:
            raise ValidationError(_("Alegeți un fișier, lipiți lista sau scrieți cel puțin un rând."))
        self.read = lists.read(text, self.place)
        if len(self.read) > lists.LIMIT:
            raise ValidationError(_("Lista este prea lungă. Trimiteți cel mult 500 de rânduri deodată."))
        return text

    @property
    def problems(self) -> list[lists.Row]:
        return [row for row in self.read if row.problem]

    @property
    def to_send(self) -> list[lists.Row]:
        return [row for row in self.read if not row.problem and not row.note]

    def send(self, *, by: User) -> int:
        """Invites everybody who is to be invited; how many invitations are new."""
        role = selectors.leading_role_below(self.place)
        assert role is not None
        made = [services.invite(by=by, place=row.place, role=role, email=row.email, full_name=row.full_name) for row in self.to_send if row.place]
        return sum(created for _invitation, created in made)
