"""The only news that travels upstairs. Sent inside the transaction of the act, so that receivers write their jobs with it."""

from django.dispatch import Signal

finalised = Signal()
"""``collection``, ``result`` (the frozen figures of a unit, None for places above)."""
reopened = Signal()
"""``collection``."""
