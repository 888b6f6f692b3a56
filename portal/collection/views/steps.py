"""The forms of a unit or a class, step by step, as the methodology declares them. Saving a step saves its answers; nothing waits for the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from formtools.wizard.views import NamedUrlWizardView

from engine.forms import ItemsForm, StepForm, text_in
from engine.methodology import Field, Step
from portal.collection.access import author_of, collection_or_404
from portal.collection.contexts import class_context, methodology_of, unit_context
from portal.collection.documents import quoted
from portal.collection.models import CLASS, Collection, Response
from portal.collection.permissions import allowed
from portal.collection.proposals import Proposals, mark, proposals_of
from portal.collection.readiness import form_of, sections_of
from portal.collection.refusals import Conflict, Refused
from portal.collection.sections import writing_act
from portal.collection.services import classes, saving
from portal.collection.standing import Decision
from portal.collection.table_data import queue_key, words
from portal.collection.words import said_when
from portal.network.models import Level


class Placeholder(StepForm):
    """Stands in the list of forms until the methodology of the round is known."""


class Steps(LoginRequiredMixin, NamedUrlWizardView):  # type: ignore[misc]
    """One section of the form of a collection. The step is in the address; drafts lie in the database."""

    storage_name = "portal.collection.wizard.DraftStorage"
    template_name = "collection/step.html"
    collection: Collection

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.collection = collection_or_404(request, kwargs["pk"], Level.UNIT.value, CLASS)
        self.section = str(kwargs["section"])
        self.methodology = methodology_of(self.collection)
        self.form_list = {step.code: ItemsForm if step.repeat else StepForm for step in self._steps()}
        if kwargs["step"] not in self.form_list:
            raise Http404
        request.collection, request.section, request.author = self.collection, self.section, author_of(request)  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        self.storage.current_step = kwargs["step"]
        if not self.decision:
            return HttpResponseRedirect(self.answers_url)
        return self.render(self.get_form(data=self.storage.current_step_data), **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the step and go on; what cannot be saved is kept as a draft and shown again. Whoever may never write here leaves no draft."""
        step = self.storage.current_step = kwargs["step"]
        if self.decision.code == "role":
            raise Refused(self.decision)
        form = self.get_form(data=self.request.POST)
        if "preview" in self.request.POST:
            return self._asked(form)
        if "discard" in self.request.POST:
            self.storage.drop(step)
            return HttpResponseRedirect(self.get_step_url(step), status=303)
        if not form.is_valid():
            self.storage.keep(step, self.request.POST)
            return self.render(form, status=200 if getattr(form, "reshaped", False) else 422, **kwargs)
        try:
            self.process_step(form)
        except (Refused, Conflict):
            self.storage.keep(step, self.request.POST)
            raise
        self.storage.set_step_data(step, None)
        messages.success(self.request, _("Salvat: {step}.").format(step=text_in(self._step(step).title, self.language)))
        following = None if "leave" in self.request.POST else self.get_next_step(step)
        return HttpResponseRedirect(self.get_step_url(following) if following else self.home_url, status=303)

    @cached_property
    def decision(self) -> Decision:
        """Whether the person may write the section now."""
        return allowed(self.request.user, writing_act(self.methodology, self.section), self.collection, sections=[self.section])

    @transaction.atomic
    def process_step(self, form: StepForm | ItemsForm) -> saving.Saved:
        """The answers of the step, on top of whatever others saved meanwhile."""
        step = self._step(self.storage.current_step)
        typed: dict[str, Any]
        if isinstance(form, ItemsForm):
            typed = {step.code: form.answers}
        else:
            typed = {question.code: form.answers.get(question.code) for question in form.questions if not question.readonly}
        revision = self.request.POST.get("revision", "")
        saved = saving.save_section(
            self.collection, self.section, typed, self.request.author, keys=self._keys(),
            base_revision=int(revision) if revision.isdecimal() and len(revision) < 9 else None,
            request_id=self.request.POST.get("request_id", "")[:64],
        )  # fmt: skip
        if self.collection.level == CLASS:
            classes.take_parameters(self.collection)
        return saved

    # ---- what the wizard asks ----------------------------------------------------------------------------

    @property
    def language(self) -> str:
        return get_language() or "ro"

    @property
    def home_url(self) -> str:
        return reverse("collection:tasks", args=[self._unit.pk])

    @property
    def answers_url(self) -> str:
        return reverse("collection:answers", args=[self.collection.pk])

    @property
    def _unit(self) -> Collection:
        if self.collection.level != CLASS:
            return self.collection
        assert self.collection.parent is not None
        return self.collection.parent

    def _steps(self) -> list[Step]:
        return [step for step in form_of(self.methodology, self.collection.level).steps if self.section in sections_of(step)]

    def _step(self, code: str) -> Step:
        return next(step for step in self._steps() if step.code == code)

    def _keys(self) -> dict[str, str]:
        return {step.code: step.key for step in self._steps() if step.repeat}

    def get_step_url(self, step: str) -> str:
        return reverse("collection:step", args=[self.collection.pk, self.section, step])

    def get_prefix(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return f"c{self.collection.pk}-{self.section}"

    @cached_property
    def proposals(self) -> Proposals | None:
        return proposals_of(self.collection)

    def get_form(self, step: str | None = None, data: Any = None, files: Any = None) -> StepForm | ItemsForm:
        form: StepForm | ItemsForm = super().get_form(step, data, files)
        if self.proposals is not None:
            mark(form.forms if isinstance(form, ItemsForm) else [form], self.proposals.year)
        return form

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        declared = self._step(step or self.storage.current_step)
        context = class_context(self.collection) if self.collection.level == CLASS else unit_context(self.collection)
        questions = [field for field in declared.fields if field.section == self.section]
        shared = {"methodology": self.methodology, "questions": questions, "language": self.language}
        if not declared.repeat:
            return shared | {"level": declared.level, "context": replace(context, previous=self._previous(questions))}
        stored, items = context.stored.get(declared.code) or [], self.proposals.items(declared) if self.proposals else []
        return shared | {"step": declared, "context": context, "stored": stored, "fixed": declared.section != self.section, "previous": items}

    def _previous(self, questions: Sequence[Field]) -> dict[str, Any]:
        """Last year's answers to the questions of the step: what other steps propose is no answer yet, and nothing here may hang on it."""
        answers = self.proposals.answers if self.proposals is not None else {}
        return {code: answers[code] for field in questions for code in (field.code, field.was) if code in answers}

    def get_form_initial(self, step: str) -> dict[str, Any]:
        return {}

    def get_context_data(self, form: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(form=form, **kwargs)
        step = self._step(self.storage.current_step)
        document = Response.objects.filter(collection=self.collection, section=self.section).first()
        codes = [one.code for one in self._steps()]
        return context | {
            "collection": self.collection, "unit": self._unit, "step": step, "title": text_in(step.title, self.language),
            "number": codes.index(step.code) + 1, "steps": len(codes), "home_url": self.home_url, "items": isinstance(form, ItemsForm),
            "revision": self.request.POST.get("revision") or (document.revision if document is not None else 0),
            "saved": said_when(document.saved_at) if document is not None and document.revision else "", "request_id": uuid4().hex,
            "draft": self.storage.current_step_data is not None and self.request.method == "GET",
            "proposals": self.proposals, "proposed": self._proposed(form), "script": self._script(form, document),
        }  # fmt: skip

    def _script(self, form: StepForm | ItemsForm, document: Response | None) -> dict[str, Any] | None:
        """What the script of the page is told; nothing where what is shown is not what is stored."""
        if self.request.method != "GET" or self.storage.current_step_data is not None:
            return None
        step = self._step(self.storage.current_step)
        told = {
            "step": step.code, "url": f"{self.get_step_url(step.code)}salvare/", "revision": document.revision if document is not None else 0,
            "key": queue_key(self.request.author, self.collection, f"{self.section}/{step.code}"), "words": words(),
            "saved": said_when(document.saved_at) if document is not None and document.revision else "",
        }  # fmt: skip
        if not isinstance(form, ItemsForm):
            return told
        keys = [quoted(one.context.stored[step.key]) if not form.offered and one.context.stored.get(step.key) else "" for one in form.forms]
        return told | {"items": keys, "item_key": step.key}

    def _proposed(self, form: StepForm | ItemsForm) -> bool:
        """Whether something on the page is last year's and not saved yet."""
        if isinstance(form, ItemsForm):
            return bool(form.offered) or any(self._proposed(one) for one in form.forms)
        return any(field.proposed for field in form.fields.values())  # type: ignore[attr-defined]

    def render(self, form: Any = None, status: int = 200, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().render(form, **kwargs)
        response.status_code = status
        return response

    def _asked(self, form: StepForm | ItemsForm) -> JsonResponse:
        """Which questions are asked, as the answers stand on the page; the browser shows and hides them."""
        forms = form.forms if isinstance(form, ItemsForm) else [form]
        return JsonResponse({field.auto_id: field.field.shown for one in forms for field in one})  # type: ignore[attr-defined]


steps = Steps.as_view([("step", Placeholder)], url_name="collection:step")
