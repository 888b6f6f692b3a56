"""News of people for the rooms above. Sent inside the transaction of the act, so that receivers write their jobs with it."""

from django.dispatch import Signal

joined = Signal()
"""``membership``: a role that somebody has just taken up."""
