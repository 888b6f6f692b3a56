"""Forms of contact: the question, and every further message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.fields import AddressField, NameField, PhoneField, control
from portal.accounts.models import User
from portal.contact import files
from portal.contact.routing import Addressee
from portal.contact.services import Sender, Upload, Written
from portal.network.models import Level, Place
from portal.ui.privacy import FreeText, no_personal_data

LEVELS = {
    Level.UNIT.value: _("Unitatea"),
    Level.SCHOOL.value: _("Școala"),
    Level.COUNTY.value: _("Inspectoratul"),
    Level.NATIONAL.value: _("Comisia națională (CNDIE)"),
}
LONGEST_NAME = 150


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:
        return files.getlist(name) if files else []


class FilesField(forms.FileField):
    """Some files, each of a kind that is accepted."""

    def __init__(self) -> None:
        hint = _("Cel mult trei fișiere, fiecare de cel mult 5 MB: PDF, PNG, JPEG, XLSX sau DOCX. Fără nume sau date ale elevilor.")
        widget = FilesInput(attrs={"accept": ",".join(kind.suffix for kind in files.KINDS.values())})
        super().__init__(label=_("Fișiere"), required=False, widget=widget, help_text=hint)

    def clean(self, data: list[UploadedFile[Any]], initial: Any = None) -> list[Upload]:  # type: ignore[override]
        if len(data) > files.MOST_FILES:
            raise ValidationError(_("Ați ales prea multe fișiere. Trimiteți cel mult trei."), code="many")
        return [_upload(one) for one in data]


def _upload(file: UploadedFile[Any]) -> Upload:
    name = " ".join(str(file.name).split())[-LONGEST_NAME:]
    if (file.size or 0) > files.MOST_BYTES:
        raise ValidationError(_("Fișierul „%(name)s” este prea mare."), code="size", params={"name": name})
    content = file.read()
    kind = files.kind_of(content)
    if kind is None:
        words = _("Fișierul „%(name)s” nu este de un fel acceptat. Trimiteți PDF, PNG, JPEG, XLSX sau DOCX, fără macrocomenzi.")
        raise ValidationError(words, code="kind", params={"name": name})
    return Upload(name, kind, content)


def _called(place: Place) -> str | Promise:
    """A place among those that may be asked: its level, and which one it is."""
    return f"{LEVELS[place.level]}: {place.name}" if place.parent_id else LEVELS[place.level]


def _new_id() -> str:
    return uuid4().hex


class MessageForm(forms.Form):
    """One message of a ticket."""

    text = FreeText(
        label=_("Mesajul"),
        help_text=_("Nu scrieți nume, coduri, telefoane sau adrese ale elevilor ori ale altor persoane."),
        max_length=5000,
        rows=8,
        required_words=_("Scrieți mesajul."),
    )
    attachments = FilesField()
    request_id = forms.RegexField(regex="^[0-9a-f]{32}$", initial=_new_id, widget=forms.HiddenInput)

    @property
    def files_are_lost(self) -> bool:
        """Whether files were chosen that the page, shown again, cannot hold."""
        return bool(self.errors and self.files)

    def written(self) -> Written:
        return Written(self.cleaned_data["text"], self.cleaned_data["request_id"], self.cleaned_data["attachments"])


class AskForm(MessageForm):
    """A question: to which level, from whom, about what."""

    to = forms.ChoiceField(label=_("Cine să răspundă"), widget=forms.RadioSelect, error_messages={"required": _("Alegeți cine să răspundă.")})
    name = NameField(label=_("Numele și prenumele dumneavoastră"))
    email = AddressField(help_text=_("La ea primiți răspunsul."))
    phone = PhoneField(required=False, help_text=_("Numai dacă vreți să fiți sunat."))
    subject = forms.CharField(
        label=_("Subiectul"),
        max_length=150,
        validators=[no_personal_data],
        widget=control(forms.TextInput),
        error_messages={"required": _("Scrieți subiectul, în câteva cuvinte.")},
    )
    field_order = ("to", "name", "email", "phone", "subject", "text", "attachments", "request_id")

    def __init__(self, *args: Any, addressees: Sequence[Addressee], user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.places = {str(one.place.pk): one.place for one in addressees if one.answers}
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, _called(place)) for pk, place in self.places.items()]
        if user is not None:
            for name in ("name", "email", "phone"):
                del self.fields[name]
        else:
            self.fields["email"].widget.attrs["autocomplete"] = "email"

    @property
    def place(self) -> Place:
        return self.places[self.cleaned_data["to"]]

    @property
    def sender(self) -> Sender:
        if self.user is not None:
            return Sender(self.user)
        given = self.cleaned_data
        return Sender(None, given["name"], given["email"], given["phone"])
