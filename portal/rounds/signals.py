"""News of rounds for the rooms above. Sent inside the transaction of the act, so that receivers write their jobs with it."""

from django.dispatch import Signal

opened = Signal()
"""``round``."""
changing = Signal()
"""``round``: its windows or its state are about to change; sent first in the transaction, so that receivers wait for whoever writes in it."""
windows_moved = Signal()
"""``round``, with its windows as they are now."""
