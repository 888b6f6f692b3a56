"""Jobs with real workers and a real queue server: killed, lost, flushed, doubled. The table decides; nothing is lost or done twice."""

from __future__ import annotations

import os
import signal
import time

import pytest
from redis import Redis

from config.caches import RedisOrFiles
from tests.services.conftest import Product, eventually, listens, need

pytestmark = pytest.mark.services
STATES = "print(*Job.objects.order_by('pk').values_list('state', 'attempts', 'done'), sep=';')"


def ended(product: Product, key: str) -> None:
    eventually(lambda: product.count("end", key) > 0, f"lucrarea {key}")


def test_a_committed_job_wakes_a_worker_at_once(product: Product) -> None:
    product.queue_server()
    worker = product.worker()
    eventually(lambda: bool(Redis(unix_socket_path=str(product.socket)).smembers("rq:workers")), "muncitorul")
    product.python("services.enqueue('nap', 'a', {'tenths': 1})")
    ended(product, "a")
    eventually(lambda: product.python(STATES).strip() == "('done', 1, 1)", "starea")
    assert worker.poll() is None


def test_a_job_of_a_killed_worker_is_done_by_another(on_either: Product) -> None:
    product = on_either
    product.queue_server()
    product.worker()
    product.python("services.enqueue('nap', 'a', {'tenths': 20})")
    eventually(lambda: product.count("start", "a") == 1, "începutul")
    os.kill(product.ledger[0][2], signal.SIGKILL)
    ended(product, "a")
    assert product.count("start", "a") == 2
    eventually(lambda: product.python(STATES).strip() == "('done', 2, 20)", "starea")


def test_when_the_whole_worker_dies_its_job_is_not_lost(product: Product) -> None:
    product.queue_server()
    worker = product.worker()
    product.python("services.enqueue('nap', 'a', {'tenths': 20})")
    eventually(lambda: product.count("start", "a") == 1, "începutul")
    worker.kill()
    os.kill(product.ledger[0][2], signal.SIGKILL)
    product.worker()
    ended(product, "a")
    assert product.count("end", "a") == 1


def test_two_workers_do_each_job_once(on_either: Product) -> None:
    product = on_either
    product.queue_server()
    product.worker()
    product.worker()
    product.python("for n in range(12): services.enqueue('nap', f'k{n}', {'tenths': 1})")
    for number in range(12):
        ended(product, f"k{number}")
    time.sleep(2.5)  # two more sweeps
    assert all(product.count("start", f"k{number}") == 1 for number in range(12))
    assert len({pid for _, _, pid in product.ledger}) > 1


def test_without_a_queue_server_jobs_are_asked_for_and_done(product: Product) -> None:
    product.python("services.enqueue('nap', 'a', {'tenths': 1})")
    worker = product.worker()
    ended(product, "a")
    worker.terminate()
    assert worker.wait(60) == 0


def test_jobs_go_through_a_redis_server_too(product: Product) -> None:
    need(listens(6379), "Redis")
    with Redis(db=15) as server:
        need(server.dbsize() == 0, "o bază Redis goală")
        product.environment["REDIS_URL"] = "redis://127.0.0.1:6379/15"
        try:
            product.python("services.enqueue('nap', 'a', {'tenths': 1})")
            assert server.llen("rq:queue:default") == 1
            product.worker()
            ended(product, "a")
            assert server.llen("rq:queue:default") == 0
        finally:
            product.stop()
            server.flushdb()


def test_a_flushed_queue_loses_nothing(product: Product) -> None:
    product.queue_server()
    product.python("services.enqueue('nap', 'a', {'tenths': 1})")
    server = Redis(unix_socket_path=str(product.socket))
    assert server.llen("rq:queue:default") == 1
    server.flushall()
    product.worker()
    ended(product, "a")
    assert product.count("start", "a") == 1


def test_a_worker_whose_queue_server_goes_away_leaves_and_the_next_one_sweeps(product: Product) -> None:
    server = product.queue_server()
    worker = product.worker()
    eventually(lambda: bool(Redis(unix_socket_path=str(product.socket)).smembers("rq:workers")), "muncitorul")
    server.kill()
    assert worker.wait(60) == 1
    product.worker()
    product.python("services.enqueue('nap', 'a', {'tenths': 1})")
    ended(product, "a")
    product.queue_server()
    product.python("services.enqueue('nap', 'b', {'tenths': 1})")
    ended(product, "b")


def test_a_failed_job_is_tried_again_by_the_worker(product: Product) -> None:
    product.queue_server()
    product.worker()
    product.python("services.enqueue('second_time_lucky', 'a')")
    eventually(lambda: "waiting" in product.python(STATES), "a doua așteptare")
    product.python("from django.utils import timezone\nJob.objects.update(not_before=timezone.now())")
    ended(product, "a")
    assert product.count("start", "a") == 2


def test_a_stopped_worker_ends_its_job_first(product: Product) -> None:
    product.queue_server()
    worker = product.worker()
    product.python("services.enqueue('nap', 'a', {'tenths': 20})")
    eventually(lambda: product.count("start", "a") == 1, "începutul")
    worker.terminate()
    assert worker.wait(60) == 0
    assert product.count("end", "a") == 1


def test_attempts_are_counted_in_redis_and_go_on_in_files_when_it_dies(product: Product) -> None:
    server = product.queue_server()
    cache = RedisOrFiles((product.environment["REDIS_URL"], str(product.folder / "cache")), {})
    cache.set("attempts", 1)
    assert cache.incr("attempts") == 2
    assert Redis(unix_socket_path=str(product.socket)).dbsize() == 1
    server.kill()
    server.wait()
    cache.set("attempts", 1)
    assert cache.incr("attempts") == 2
