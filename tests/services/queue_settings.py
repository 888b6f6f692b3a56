"""The product's settings with the ledger's jobs, and a worker that looks at the table every second."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.services.ledger"]
OUTBOX_SWEEP_EVERY = 1
OUTBOX_PRELOAD: list[str] = []
