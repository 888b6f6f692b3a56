"""Storage of the form wizard: what could not be saved as answers yet lies in rows of the database, and the address is the step."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from formtools.wizard.storage.base import BaseStorage

from portal.collection.authors import Author
from portal.collection.models import Collection, Draft
from portal.collection.services import saving
from portal.ui.privacy import personal_data_in

LEFT_OUT = frozenset({"csrfmiddlewaretoken", "request_id"})


class DraftStorage(BaseStorage):  # type: ignore[misc]
    """Drafts by collection, author and step. The view puts all three on the request before the wizard begins."""

    request: HttpRequest

    def __init__(self, prefix: str, request: HttpRequest, file_storage: Any = None) -> None:
        super().__init__(prefix, request, file_storage)
        self.collection: Collection = request.collection  # type: ignore[attr-defined]
        self.author: Author = request.author  # type: ignore[attr-defined]
        self.section: str = request.section  # type: ignore[attr-defined]
        self.init_data()

    def _key(self, step: str) -> str:
        return f"{self.section}/{step}"

    def get_step_data(self, step: str) -> MultiValueDict[str, str] | None:
        """What was typed on a step and not saved; None when there is nothing."""
        draft = Draft.objects.filter(collection=self.collection, author=self.author.key, step=self._key(step)).first()
        return MultiValueDict(draft.data) if draft is not None else None

    def set_step_data(self, step: str, cleaned_data: Any) -> None:
        """Called once the answers of a step have been saved: its draft is not needed any more."""
        self.drop(step)

    def keep(self, step: str, data: MultiValueDict[str, str]) -> None:
        """Keeps all that was typed but personal data, which is kept nowhere: it stays on the page alone."""
        fields = {name: values for name, values in data.lists() if name not in LEFT_OUT and not any(personal_data_in(value) for value in values)}
        saving.keep_draft(self.collection, self.author, self._key(step), fields)

    def drop(self, step: str) -> None:
        saving.drop_draft(self.collection, self.author, self._key(step))

    def reset(self) -> None:
        """Nothing to forget: each step's draft goes when its answers are saved."""
