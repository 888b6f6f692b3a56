"""Fields, summaries, pagers and tags as every room draws them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from portal.ui.status import WORDS


class Everything(forms.Form):
    name = forms.CharField(label="Numele", help_text="Cum scrie în act.")
    note = forms.CharField(label="Nota", widget=forms.Textarea, required=False)
    medium = forms.ChoiceField(label="Mediul", choices=[("u", "Urban"), ("r", "Rural")], widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(label="Limbile", choices=[("ro", "română"), ("hu", "maghiară")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="Am citit")
    day = forms.DateField(label="Ziua", initial=date(2025, 12, 3))
    kind = forms.ChoiceField(label="Felul", choices=[("a", "A"), ("b", "B")])
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        self.add_error(None, "Datele nu se potrivesc între ele.")


def drawn(form: forms.Form) -> str:
    return "".join(render_to_string("ui/field.html", {"field": field}) for field in form)


def ids(page: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', page)


def test_every_control_has_its_label_and_every_group_its_legend() -> None:
    page = drawn(Everything())
    for control in ("id_name", "id_note", "id_day", "id_kind", "id_agreed"):
        assert f'<label for="{control}">' in page and f'id="{control}"' in page
    assert page.count("<fieldset") == page.count("<legend>") == 2
    for choice in ("id_medium_0", "id_medium_1", "id_languages_0", "id_languages_1"):
        assert f'<label for="{choice}">' in page and f'id="{choice}"' in page
    assert page.count("(opțional)") == 1
    assert len(ids(page)) == len(set(ids(page)))


def test_a_day_is_typed_as_romanians_write_it() -> None:
    assert re.search(r'<input type="text" name="day" value="03.12.2025"', drawn(Everything()))
    assert Everything({"day": "3.12.2025"}).fields["day"].clean("3.12.2025") == date(2025, 12, 3)
    assert "Scrieți data în forma zz.ll.aaaa" in drawn(Everything({"day": "12/31/2025"}))


def test_an_error_stands_beside_its_field_and_is_announced_with_it() -> None:
    page = drawn(Everything({"note": "x"}))
    assert 'aria-invalid="true"' in page
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        assert all(part in ids(page) for part in described.split())
    assert re.search(r'<p class="wrong" id="id_name_error"><span class="vh">Eroare:</span> Completați acest câmp.', page)
    assert "id_name_helptext id_name_error" in page


def test_the_summary_leads_to_the_first_control_of_each_wrong_field() -> None:
    form = Everything({})
    page = render_to_string("ui/error_summary.html", {"form": form})
    targets = re.findall(r'href="#([^"]+)"', page)
    assert targets == ["id_name", "id_medium_0", "id_languages_0", "id_agreed", "id_day", "id_kind"]
    assert all(target in ids(drawn(form)) for target in targets)
    assert "<li>Datele nu se potrivesc între ele.</li>" in page and "Există o problemă" in page
    assert 'tabindex="-1" autofocus' in page and 'role="alert"' in page


def test_there_is_no_summary_without_a_problem() -> None:
    assert render_to_string("ui/error_summary.html", {"form": Everything()}).strip() == ""
    page = render_to_string("ui/error_summary.html", {"problems": [("rand-3", "Rândul 3 se repetă.")]})
    assert '<a href="#rand-3">Rândul 3 se repetă.</a>' in page


def test_what_was_typed_is_escaped() -> None:
    page = drawn(Everything({"name": '"><script>', "note": "</textarea><script>", "kind": "<b>"}))
    assert "<script>" not in page and "<b>" not in page


@pytest.mark.parametrize("state", WORDS)
def test_a_state_is_a_word_on_a_tint(state: str) -> None:
    tint, word = WORDS[state]
    assert render_to_string("ui/tag.html", {"state": state}).strip() == f'<span class="tag {tint}">{word}</span>'


def test_a_state_that_is_not_in_the_table_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        render_to_string("ui/tag.html", {"state": "terminat"})


def test_a_pager_keeps_the_filters_of_the_address() -> None:
    request = RequestFactory().get("/lista/?stare=late&q=%C8%99coala&pagina=2")
    page = render_to_string("ui/pager.html", {"page": Paginator(range(120), 50).page(2)}, request)
    assert "Pagina 2 din 3" in page
    for number in (1, 3):
        assert f'href="?stare=late&amp;q=%C8%99coala&amp;pagina={number}"' in page
    assert render_to_string("ui/pager.html", {"page": Paginator(range(20), 50).page(1)}, request).strip() == ""
