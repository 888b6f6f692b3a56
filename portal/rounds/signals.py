"""News of rounds for the rooms above. Sent inside the transaction of the act, so that receivers write their jobs with it."""

from django.dispatch import Signal

opened = Signal()
"""``round``."""
windows_moved = Signal()
"""``round``, with its windows as they are now."""
