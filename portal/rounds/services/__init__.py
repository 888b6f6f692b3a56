"""The verbs of the room: drafting and publishing a methodology, making a round, moving its limits, closing it."""

from portal.rounds.services.planning import RoundRefused, close_round, make_round, move_windows, rewrite_letter
from portal.rounds.services.publishing import PublishRefused, publish

__all__ = ["PublishRefused", "RoundRefused", "close_round", "make_round", "move_windows", "publish", "rewrite_letter"]
