"""Forms of an import: the file, the columns, whether what is missing is cleared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.network.importing import headers, limits
from portal.network.importing.columns import Columns
from portal.network.importing.headers import Mapping
from portal.network.importing.reading import REFUSALS, Refused
from portal.network.importing.workbook import column_letters
from portal.network.models import Place
from portal.structure.models import NetworkImport
from portal.structure.services import imports

SAMPLES = 3
YEAR = r"^20\d\d-20\d\d$"


class UploadForm(forms.Form):
    """Which list, for which school year, from which file."""

    kind = forms.ChoiceField(label=_("Ce conține lista"), choices=NetworkImport.Kind.choices, widget=forms.RadioSelect, initial="network")
    school_year = forms.RegexField(
        YEAR,
        label=_("Anul școlar"),
        help_text=_("De exemplu 2025-2026."),
        error_messages={"invalid": _("Scrieți anul școlar sub forma 2025-2026."), "required": _("Scrieți anul școlar.")},
    )
    file = forms.FileField(
        label=_("Fișierul"),
        help_text=_("Registru Excel (.xlsx) sau text CSV, cel mult 20.000 de rânduri și 20 MB."),
        error_messages={"required": _("Alegeți fișierul cu lista."), "empty": REFUSALS["empty"]},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > limits.FILE_BYTES:
            raise forms.ValidationError(REFUSALS["too_large"])
        return file

    def uploaded(self, place: Place, by: Any) -> NetworkImport | None:
        """The import of the file; None with an error at the field when it cannot be read."""
        data = self.cleaned_data
        try:
            return imports.upload(data["file"].read(), data["kind"], place=place, file_name=data["file"].name, school_year=data["school_year"], by=by)
        except Refused as refusal:
            self.add_error("file", str(refusal.sentence))
            return None


class ColumnsForm(forms.Form):
    """Which sheet, which row is the header, which column is which field. Built from the preview kept with the import."""

    sheet = forms.ChoiceField(label=_("Foaia"))
    header = forms.IntegerField(label=_("Rândul antetului"), min_value=1, widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}))

    def __init__(self, record: NetworkImport, columns: Columns, data: Any = None) -> None:
        mapping = Mapping.from_data(record.mapping)
        super().__init__(data, initial={"sheet": mapping.sheet, "header": mapping.header})
        self.columns, self.record = columns, record
        named = [(entry["name"], entry["name"] or _("(text)")) for entry in record.preview]
        self["sheet"].field.choices = named  # type: ignore[attr-defined]
        rows = next(entry["rows"] for entry in record.preview if entry["name"] == mapping.sheet)
        self.width = max(map(len, rows), default=0)
        self.rows, self.head = rows, mapping.header
        for index in range(self.width):
            self.fields[f"column_{index}"] = self._column(index, mapping.fields.get(index, ""))
        self.fields["header"].max_value = max(len(rows), 1)  # type: ignore[attr-defined]

    def _column(self, index: int, chosen: str) -> forms.ChoiceField:
        choices = [
            ("", _("– nu se importă –")),
            *((field.code, f"{field.label} *" if field.required else field.label) for field in self.columns.fields),
        ]
        return forms.ChoiceField(label=self.heading(index), choices=choices, required=False, initial=chosen)

    def heading(self, index: int) -> str:
        row = self.rows[self.head - 1] if len(self.rows) >= self.head else []
        text = str(row[index]).strip() if index < len(row) and row[index] is not None else ""
        return text or str(_("Coloana {letter}")).format(letter=column_letters(index))

    def lines(self) -> list[dict[str, Any]]:
        """One line a column of the list: its letter, its heading, samples, the choice."""
        below = self.rows[self.head : self.head + SAMPLES]
        samples = [[str(row[index]) for row in below if index < len(row) and row[index] is not None] for index in range(self.width)]
        return [
            {"letter": column_letters(index), "heading": self.heading(index), "samples": samples[index], "field": self[f"column_{index}"]}
            for index in range(self.width)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "header" in data and data["header"] > max(len(self.rows), 1):
            self.add_error("header", _("Antetul se caută în primele {many} rânduri.").format(many=len(self.rows)))
        for sentence in headers.problems_of(self.mapping(), self.columns):
            self.add_error(None, sentence)
        return data

    def rereads(self) -> bool:
        """Proposes again for the sheet and row that were typed; whether they make sense."""
        self.is_valid()
        typed = self.cleaned_data
        if "sheet" not in typed or "header" not in typed or "header" in self.errors:
            return False
        mapping = Mapping.from_data(self.record.mapping)
        moved = typed["header"] != mapping.header
        imports.propose(self.record, typed["sheet"], typed["header"] if moved else None)
        return True

    def mapping(self) -> Mapping:
        """The mapping that was chosen."""
        data = self.cleaned_data
        fields = {index: data[f"column_{index}"] for index in range(self.width) if data.get(f"column_{index}")}
        return Mapping(data.get("sheet", ""), data.get("header") or self.head, fields)


class ApplyForm(forms.Form):
    """The confirmation of an import; what the list does not mention is cleared only where that is ticked."""

    clears_missing = forms.BooleanField(required=False)

    def __init__(self, label: Any, data: Any = None) -> None:
        super().__init__(data)
        if label:
            self.fields["clears_missing"].label = label
        else:
            del self.fields["clears_missing"]
