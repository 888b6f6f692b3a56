"""Forms that arrive after the session has ended: what was typed is kept in the browser's next session, and sent once after signing in again.

Only for a session that ended by itself, so that its person is known; given back to that person only. Files, passwords, personal
codes and what is too large are not kept.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.http import urlencode

from portal.ui.privacy import holds_personal_code

KEPT, ENDED_OF = "interrupted", "ended_of"
MOST_CHARACTERS = 1_000_000
LEFT_OUT = frozenset({"csrfmiddlewaretoken"})
OF_THE_PAGE = frozenset({"request_id", "revision", "next"})


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A form as it was sent: where to, its fields in order, whether files were lost."""

    path: str
    fields: list[tuple[str, str]]
    files: bool

    @property
    def shown(self) -> list[str]:
        """What a person typed or chose, without what the page itself sends along."""
        return [value for name, value in self.fields if value.strip() and name not in OF_THE_PAGE]


def end_session(request: HttpRequest) -> None:
    """Signs out; the browser's next session remembers who was signed in, until somebody is again."""
    user_id = request.user.pk
    logout(request)
    request.session[ENDED_OF] = user_id


def keep(request: HttpRequest, user_id: int | None) -> bool:
    """Keeps the form that a request brings for the person whose session has ended; False where there is nothing to keep."""
    if user_id is None or request.method != "POST" or request.headers.get("Sec-Fetch-Dest", "document") != "document":
        return False  # nobody's, or a script that asks for something
    fields = [(name, value) for name, values in request.POST.lists() if name not in LEFT_OUT for value in values if not holds_personal_code(value)]
    kept = Interrupted(request.get_full_path(), fields, bool(request.FILES))
    if not kept.shown or any("password" in name for name, _value in fields) or len(urlencode(fields)) > MOST_CHARACTERS:
        return False
    request.session[KEPT] = {"user": user_id} | asdict(kept)
    return True


def kept_for(request: HttpRequest) -> Interrupted | None:
    """What waits for the person who is signed in."""
    found: dict[str, Any] | None = request.session.get(KEPT)
    if found is None or found["user"] != request.user.pk:
        return None
    return Interrupted(found["path"], [(name, value) for name, value in found["fields"]], found["files"])


def forget(request: HttpRequest) -> None:
    request.session.pop(KEPT, None)


def forget_what_is_of_others(request: HttpRequest) -> None:
    """When somebody signs in: what another person typed at this computer is gone."""
    request.session.pop(ENDED_OF, None)
    if KEPT in request.session and kept_for(request) is None:
        forget(request)


def forget_what_arrives(request: HttpRequest) -> None:
    """The form that was kept has been sent: it is not offered again."""
    found = request.session.get(KEPT)
    if found is not None and request.method == "POST" and request.get_full_path() == found["path"]:
        forget(request)
