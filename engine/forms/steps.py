"""The form of a step, and the forms of a repeating step. Validation is the engine's; these carry it to a page and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from engine.answers import AnswerProblem, Context, carried_over, clean, clean_items, last_year, shown
from engine.forms.fields import Answer, answer_field, place_keys
from engine.forms.texts import text_in
from engine.methodology import Field, Methodology, Step

MAX_ITEMS: Final = 200
"""Forms of a repeating step that are read from a request, whatever it claims to hold."""


class StepForm(forms.Form):
    """The questions of one step (or of one item of a repeating one).

    ``context`` holds the stored answers, which are what an unbound form shows, after them what is proposed. After ``is_valid``,
    ``answers`` holds what may be stored.
    """

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        methodology: Methodology,
        level: str,
        questions: Sequence[Field],
        context: Context,
        language: str = "ro",
        judged: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.methodology, self.level, self.context, self.language, self.judged = methodology, level, context, language, judged
        self.questions = questions
        self.answers: dict[str, Any] = {}
        for question in questions:
            self.fields[question.code] = answer_field(methodology, question, context, language)
            if question.readonly:
                self.fields[question.code].disabled = True
        self._place_answers()

    def _place_answers(self) -> None:
        """What each field shows and whether it is asked, as things stand."""
        states = shown(self.methodology, self.level, self.typed() if self.is_bound else {}, self.context)
        before = last_year(self.methodology, self.level, self.context.previous)
        for code, field in self.fields.items():
            assert isinstance(field, Answer)
            state = states[code]
            field.shown, field.required = state.shown, state.required
            self.initial[code] = state.value
            if self._can_be_chosen(field.question, before.get(code)):
                field.last_year = before.get(code)
                field.proposed = field.last_year is not None and not self.is_bound and code not in self.context.stored

    def _can_be_chosen(self, question: Field, value: Any) -> bool:
        """A place of last year may be gone."""
        return question.type != "place" or value in place_keys(self.methodology, self.context, question.target)

    def typed(self) -> dict[str, Any]:
        """What was submitted, by field. A group of radio buttons or boxes that is there with nothing chosen is a blank."""
        found = {}
        for code, field in self.fields.items():
            if not field.disabled:
                value = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(code))
                found[code] = value or None if isinstance(value, (list, str)) else value
        return found

    def clean(self) -> dict[str, Any]:
        if self.judged:
            result = clean(self.methodology, self.level, self.typed(), self.context, [question.code for question in self.questions])
            self.answers = result.values
            self.take(result.problems)
        return self.cleaned_data

    def take(self, problems: Sequence[AnswerProblem]) -> None:
        """Show these problems beside their fields."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.in_language(self.language))


class ItemsForm:
    """The items of a repeating step on one page, with the interface of a form that a wizard uses.

    ``add`` and ``remove=NUMBER`` in the data change the number of items without judging them. ``fixed``: no items may be added or removed
    (the step is shown for another section than its own). ``previous``: last year's items, offered as they were where none are stored yet.
    """

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        methodology: Methodology,
        step: Step,
        questions: Sequence[Field],
        context: Context,
        stored: Sequence[Mapping[str, Any]],
        language: str = "ro",
        prefix: str = "",
        fixed: bool = False,
        previous: Sequence[Mapping[str, Any]] = (),
        initial: Any = None,
    ) -> None:
        self.methodology, self.step, self.questions, self.context = methodology, step, questions, context
        self.stored, self.language, self.prefix, self.fixed = stored, language, prefix, fixed
        self.data: Any = data if data is not None else {}
        self.is_bound = data is not None
        self.reshaped = False
        self.answers: list[dict[str, Any]] = []
        self.general: list[str] = []
        before = [carried_over(methodology, step.repeat, item) for item in previous]
        self.offered = before[: step.maximum or None] if not (stored or fixed or self.is_bound) else []
        self._previous = {str(new.get(step.key)): old for new, old in zip(before, previous, strict=True)}
        self.forms = [self._form(number, source) for number, source in enumerate(self._sources())]

    @property
    def count_name(self) -> str:
        return f"{self.prefix}-count"

    def _sources(self) -> list[int | None]:
        """For each item shown, its number in the data (bound) or among the stored ones; None for a new one."""
        stored: list[int | None] = [*range(len(self.stored or self.offered))]
        if not self.is_bound or self.fixed:
            return stored or [None] * self.step.minimum
        raw = str(self.data.get(self.count_name, ""))
        sources: list[int | None] = list(range(min(int(raw) if raw.isdecimal() and len(raw) < 5 else 0, MAX_ITEMS)))
        removed = str(self.data.get(f"{self.prefix}-remove", ""))
        if f"{self.prefix}-add" in self.data:
            self.reshaped = True
            return [*sources, None]
        if removed.isdecimal():
            self.reshaped = True
            return [number for number in sources if number != int(removed)]
        return sources

    def _form(self, number: int, source: int | None) -> StepForm:
        listed = self.stored or self.offered
        kept = listed[number] if (self.fixed or not self.is_bound) and number < len(listed) else {}
        context = Context(places=self.context.places, stored=kept, previous=self._previous.get(str(kept.get(self.step.key)), {}))
        bound = self.is_bound and source is not None
        form = StepForm(
            self._renumbered(source, number) if bound else None,
            methodology=self.methodology, level=self.step.repeat, questions=self.questions, context=context,
            language=self.language, judged=False, prefix=f"{self.prefix}-{number}",
        )  # fmt: skip
        if self.fixed and self.step.key in form.fields:
            form.fields[self.step.key].disabled = True
        return form

    def _renumbered(self, source: int | None, number: int) -> Any:
        """The data of one item under its new number, after one before it was removed."""
        if source == number:
            return self.data
        old, new = f"{self.prefix}-{source}-", f"{self.prefix}-{number}-"
        copied = self.data.copy()
        for name in [name for name in self.data if name.startswith(old)]:
            copied.setlist(new + name.removeprefix(old), self.data.getlist(name))
        return copied

    def is_valid(self) -> bool:
        """Judge the items, unless their number was changed just now."""
        if not self.is_bound or self.reshaped:
            return False
        typed = [self._typed(number, form) for number, form in enumerate(self.forms)]
        codes = [question.code for question in self.questions]
        result = clean_items(self.methodology, self.step, typed, Context(places=self.context.places), [*codes, self.step.key])
        self.answers = result.items
        for form in self.forms:
            form.full_clean()
        for problem in result.problems:
            if problem.row is None:
                self.general.append(problem.in_language(self.language))
            else:
                self.forms[problem.row - 1].take([problem])
        return not result.problems

    def _typed(self, number: int, form: StepForm) -> dict[str, Any]:
        kept = {self.step.key: self.stored[number].get(self.step.key)} if self.fixed else {}
        return form.typed() | kept

    @property
    def errors(self) -> list[Any]:
        """What is wrong, empty when nothing is."""
        return [*self.general, *(form.errors for form in self.forms if form.is_bound and form.errors)]

    @property
    def title(self) -> str:
        return text_in(self.step.title, self.language)
