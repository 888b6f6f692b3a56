"""Jobs without any queue server: asked once, done once, tried again with pauses, taken over when a worker falls silent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.utils import timezone

from portal.outbox import services
from portal.outbox.models import Job
from portal.outbox.registry import handler_of, handles
from tests.portal.outbox.conftest import done

pytestmark = pytest.mark.django_db
State = Job.State


def later(job: Job, **fields: object) -> None:
    Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()


def past() -> object:
    return timezone.now() - timedelta(seconds=1)


def test_the_same_kind_and_key_is_one_job() -> None:
    first = services.enqueue("note", "place:1", {"place": 1})
    assert services.enqueue("note", "place:1", {"place": 2}) == first
    assert services.enqueue("note", "place:2") != first
    assert [job.payload for job in Job.objects.order_by("pk")] == [{"place": 1}, {}]


def test_a_done_job_is_not_done_again() -> None:
    job = services.enqueue("note", "a")
    assert services.sweep() == 1
    assert services.enqueue("note", "a") == job
    assert services.sweep() == 0
    assert done == [job.pk]
    job.refresh_from_db()
    assert (job.state, job.attempts, job.leased_until) == (State.DONE, 1, None)
    assert job.finished_at is not None


def test_a_job_lives_and_dies_with_the_transaction_that_asks_for_it() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        services.enqueue("note", "a")
        raise RuntimeError
    assert not Job.objects.exists()


def test_a_job_for_tomorrow_waits() -> None:
    job = services.enqueue("note", "a", not_before=timezone.now() + timedelta(days=1))
    assert services.sweep() == 0 and not services.run_job(job.pk)
    later(job, not_before=past())
    assert services.sweep() == 1
    assert done == [job.pk]


def test_a_kind_that_nobody_handles_is_refused_when_asked_for() -> None:
    with pytest.raises(LookupError, match="nobody handles"):
        services.enqueue("unheard", "a")


def test_a_kind_has_one_handler_and_a_known_queue() -> None:
    with pytest.raises(LookupError, match="two handlers"):
        handles("note")(lambda job: None)
    with pytest.raises(LookupError, match="no queue"):
        handles("other", queue="unknown")
    assert handler_of("note").queue == "default"


def test_a_failure_is_tried_again_after_growing_pauses_and_then_told() -> None:
    job = services.enqueue("spoilt", "a")
    pauses = []
    for _ in range(2):
        before = timezone.now()
        assert services.sweep() == 1
        job.refresh_from_db()
        assert job.state == State.WAITING
        pauses.append(round((job.not_before - before).total_seconds()))
        assert services.sweep() == 0
        later(job, not_before=past())
    assert pauses == [30, 120]
    assert services.sweep() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.FAILED, 3)
    assert job.error == "Inspectoratul nu are încă un raport final."
    assert services.sweep() == 0


def test_asking_for_a_failed_job_tries_it_anew() -> None:
    job = services.enqueue("leaky", "a")
    services.sweep()
    assert services.enqueue("leaky", "a") == job
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (State.WAITING, 0, "")


def test_the_error_kept_says_what_and_where_but_not_whom(caplog: pytest.LogCaptureFixture) -> None:
    job = services.enqueue("leaky", "a")
    services.sweep()
    job.refresh_from_db()
    assert job.error.startswith("ValueError (conftest.py:")
    assert "Popescu" not in job.error + caplog.text and "1960101410019" not in job.error + caplog.text


def test_only_one_of_two_workers_takes_a_job() -> None:
    job = services.enqueue("note", "a")
    assert [services.run_job(job.pk), services.run_job(job.pk)] == [True, False]
    assert done == [job.pk]


def test_a_rival_that_takes_the_job_between_reading_and_taking_wins_alone() -> None:
    job = services.enqueue("note", "a")
    rivals: list[bool] = []

    def let_a_rival_in(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if sql.startswith("UPDATE") and not rivals:
            rivals.append(False)
            rivals[0] = services.run_job(job.pk)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(let_a_rival_in):
        assert not services.run_job(job.pk)
    assert rivals == [True]
    assert done == [job.pk]


def test_a_running_job_is_left_alone_until_its_lease_ends() -> None:
    job = services.enqueue("note", "a")
    later(job, state=State.RUNNING, attempts=1, leased_until=timezone.now() + timedelta(seconds=30))
    assert services.sweep() == 0
    later(job, leased_until=past())
    assert services.sweep() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    job = services.enqueue("note", "a")
    later(job, state=State.RUNNING, attempts=5, leased_until=past())
    services.sweep()
    job.refresh_from_db()
    assert job.state == State.FAILED and "s-a oprit" in job.error
    assert done == []


def test_a_worker_that_lost_its_lease_stops_and_leaves_no_trace() -> None:
    reached: list[str] = []

    @handles("slow")
    def slow(job: Job) -> None:
        if job.attempts == 1:
            later_copy = Job.objects.get(pk=job.pk)
            later(later_copy, leased_until=past())
            assert services.run_job(job.pk)  # the other worker
            reached.append("before")
            services.progress(job, 1, 2)
            reached.append("after")

    job = services.enqueue("slow", "a")
    assert not services.run_job(job.pk)
    assert reached == ["before"]
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == (State.DONE, 2, 0)


def test_progress_renews_the_lease_and_is_written_at_most_once_a_second() -> None:
    seen: list[tuple[int, int, bool]] = []

    @handles("counted")
    def counted(job: Job) -> None:
        later(job, leased_until=past())
        for step in range(1, 51):
            services.progress(job, step, 50)
            row = Job.objects.get(pk=job.pk)
            seen.append((row.done, row.total, row.leased_until > timezone.now()))

    services.enqueue("counted", "a")
    services.sweep()
    assert seen[0] == (1, 50, True) and seen[48] == (1, 50, True) and seen[49] == (50, 50, True)


def test_what_somebody_waits_for_stands_behind_no_storm_of_mails(settings: LazySettings) -> None:
    settings.OUTBOX_RATES = {"mail": 3}
    for number in range(7):
        services.enqueue("paper_mail", str(number))
    services.sweep()
    done.clear()
    awaited = services.enqueue("summons", "a")
    assert services.sweep() == 1
    assert done == [awaited.pk]


def test_mails_leave_in_waves(settings: LazySettings) -> None:
    settings.OUTBOX_RATES = {"mail": 3}
    jobs = [services.enqueue("paper_mail", str(number)) for number in range(7)]
    other = services.enqueue("note", "a")
    assert services.sweep() == 4
    assert set(done) == {*(job.pk for job in jobs[:3]), other.pk}
    assert services.sweep() == 0 and not services.run_job(jobs[3].pk)
    Job.objects.update(started_at=timezone.now() - timedelta(minutes=1, seconds=1))
    assert services.sweep() == 3
