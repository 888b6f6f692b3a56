"""Moments and states of rounds in words."""

from __future__ import annotations

from datetime import datetime

from django import template

from portal.rounds import windows
from portal.rounds.models import Round

register = template.Library()


@register.filter
def moment(value: datetime) -> str:
    return windows.words(value, limit=False)


@register.filter
def limit(value: datetime) -> str:
    """A moment that ends something: midnight is the end of the day before."""
    return windows.words(value, limit=True)


@register.filter
def round_state(state: str) -> str:
    """The code of a round's state among the words of all states, where a place may be open as well."""
    return "round_open" if state == Round.State.OPEN else state


@register.filter
def braces(mark: str) -> str:
    return f"{{{mark}}}"
