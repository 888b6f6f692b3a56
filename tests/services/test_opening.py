"""The opening of a round under a worker that is killed in the middle: nobody sees half of it, and the next worker goes on."""

from __future__ import annotations

import pytest

from tests.services.conftest import Product, eventually

pytestmark = pytest.mark.services
COUNTIES, SCHOOLS = 20, 12
PREPARE = f"""
from django.conf import settings
from portal.accounts.models import Membership, User
from portal.collection.services import opening
from portal.network import services as network, synthetic
from portal.network.models import Place
from portal.rounds.services import make_round, publish
network.seed(range({COUNTIES}), synthetic.Size.of({SCHOOLS}), 1, "2025-2026")
round_ = make_round(publish(settings.METHODOLOGIES_DIR / "2025-2026"))
member = User.objects.create_user("cndie@example.org", "Maria Comisie")
Membership.objects.create(user=member, place=Place.objects.get(level="national"), role="national_member")
"""
ASK = """
from portal.accounts.models import User
from portal.collection.services import opening
from portal.rounds.models import Round
opening.ask(Round.objects.get(), User.objects.get())
"""
WAIT_FOR_HALF = """
import time
from portal.collection.models import Collection
end = time.monotonic() + 60
while Collection.objects.filter(level="county").count() < 3 and time.monotonic() < end:
    time.sleep(0.02)
"""
STATE = """
import json
from django.db.models import Count
from portal.accounts.models import User
from portal.collection.models import Collection
from portal.collection.selectors import visible_to
from portal.rounds.models import Round, RoundEvent
levels = dict(Collection.objects.order_by().values_list("level").annotate(Count("pk")))
opened = RoundEvent.objects.filter(action="opened").count()
print("STATE", json.dumps([Round.objects.get().state, levels.get("county", 0), visible_to(User.objects.get()).count(), opened]))
"""
WHOLE = """
import json
from portal.collection.models import CLASS, Collection, Response
from portal.network.models import ClassRecord, Place
taken = Collection.objects.exclude(level=CLASS).count() == Place.objects.filter(collects=True).count()
classes = Collection.objects.filter(level=CLASS).count() == ClassRecord.objects.count() == Response.objects.count()
print("STATE", json.dumps([taken, classes, Collection.objects.filter(path="").exists()]))
"""


def told(product: Product, code: str) -> list[object]:
    import json

    line = next(line for line in product.python(code).splitlines() if line.startswith("STATE "))
    return list(json.loads(line.removeprefix("STATE ")))


def test_an_opening_whose_worker_is_killed_is_finished_by_another(on_either: Product) -> None:
    product = on_either
    product.python(PREPARE)
    product.python(ASK)
    worker = product.worker()  # without a queue server it does jobs in its own process
    product.python(WAIT_FOR_HALF)
    worker.kill()
    worker.wait(10)
    state, counties, seen, opened = told(product, STATE)
    assert (state, seen, opened) == ("draft", 0, 0) and 3 <= int(str(counties)) < COUNTIES
    product.python("from django.utils import timezone\nJob.objects.update(leased_until=timezone.now())")
    product.worker()
    eventually(lambda: told(product, STATE)[0] == "open", "deschiderea")
    assert told(product, STATE)[1::2] == [COUNTIES, 1]
    assert told(product, WHOLE) == [True, True, False]
