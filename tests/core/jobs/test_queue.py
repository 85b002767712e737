"""Row first, message second: what happens when things fail between them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from prsystem import celery_app
from prsystem.core.jobs import bell, queue
from prsystem.core.models import Job
from tests.jobs import job_run

pytestmark = pytest.mark.django_db
calls: list[Any] = []


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    calls.clear()
    monkeypatch.setattr(queue, "_handlers", {})
    monkeypatch.setattr(queue, "_when_parked", {})
    queue.register("ok", f"{__name__}.succeed")
    queue.register("bad", f"{__name__}.fail", when_parked=f"{__name__}.note_parked")
    yield


def succeed(value: int) -> None:
    calls.append(value)


def note_parked(value: int) -> None:
    calls.append(("parked", value))


def fail(value: int) -> None:
    raise ValueError(f"cannot {value}")


def add(kind: str = "ok", **options: Any) -> Job | None:
    queue.enqueue(kind, payload={"value": 1}, **options)
    return Job.objects.order_by("-id").first()


def test_a_job_runs_once() -> None:
    job = add()
    assert job_run(job.pk) is True
    assert job_run(job.pk) is False
    job.refresh_from_db()
    assert (calls, job.state, job.attempts) == ([1], "done", 1)


def test_an_unknown_kind_is_refused_when_it_is_added() -> None:
    with pytest.raises(KeyError):
        queue.enqueue("nobody", payload={})


def test_a_waiting_job_with_the_same_key_is_enough() -> None:
    add(dedup_key="k")
    add(dedup_key="k")
    assert Job.objects.count() == 1


def test_a_job_that_has_begun_does_not_swallow_a_new_one() -> None:
    job = add(dedup_key="k")
    Job.objects.filter(pk=job.pk).update(attempts=1)
    add(dedup_key="k")
    assert Job.objects.count() == 2


def test_a_failure_is_kept_retried_and_parked_after_the_last_attempt() -> None:
    job = add("bad")
    for attempt in range(1, queue.MAX_ATTEMPTS + 1):
        Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
        assert job_run(job.pk) is False
        job.refresh_from_db()
        assert job.attempts == attempt
    assert job.state == "parked"
    assert "cannot 1" in job.last_error
    assert calls == [("parked", 1)]


def test_a_job_that_kills_its_worker_is_parked_too() -> None:
    job = add()
    Job.objects.filter(pk=job.pk).update(
        attempts=queue.MAX_ATTEMPTS, leased_until=timezone.now() - timedelta(seconds=1)
    )
    assert job_run(job.pk) is False
    job.refresh_from_db()
    assert (job.state, calls) == ("parked", [])


def test_a_leased_job_is_left_alone_until_the_lease_ends() -> None:
    job = add()
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() + timedelta(seconds=20))
    assert job_run(job.pk) is False
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert job_run(job.pk) is True


def test_the_sweep_rings_for_what_is_due_and_not_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(queue, "ring", lambda job_id, name, kind: rung.append(job_id))
    due = add()
    add(delay_seconds=60)
    assert queue.jobs_sweep() == 1
    assert queue.jobs_sweep() == 0
    assert rung == [due.pk]


def test_the_sweep_rings_first_for_what_is_urgent_however_much_else_is_older(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(queue, "ring", lambda job_id, name, kind: rung.append(job_id))
    monkeypatch.setattr(queue, "SWEEP_BATCH", 3)
    bulk, _older, normal, urgent = (add(queue=name) for name in ("bulk", "bulk", "normal", "urgent"))
    assert queue.jobs_sweep() == 3
    assert rung == [urgent.pk, normal.pk, bulk.pk]


@pytest.mark.parametrize("error", [bell.BrokerDown("down"), bell.RedisError("gone"), ConnectionRefusedError()])
def test_a_dead_broker_only_delays(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    from prsystem.core.tasks import job_run_task

    def dead(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(job_run_task, "apply_async", dead)
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    queue.ring(1, "normal", "article.index")
    assert bell._silent_until > 0


def test_nobody_waits_for_a_broker_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    from kombu import Connection
    from kombu.utils import functional

    slept: list[float] = []
    monkeypatch.setattr(functional, "sleep", slept.append)
    options = celery_app.conf.broker_transport_options
    address = "redis+socket:///nowhere/valkey.sock"
    with Connection(address, transport_options=options) as away, pytest.raises(bell.BrokerDown):
        job_message(away)
    assert slept == []


def job_message(connection: Any) -> None:
    from prsystem.core.tasks import job_run_task

    job_run_task.apply_async((1,), connection=connection, retry=False)


def test_a_broker_that_hangs_is_given_up_soon() -> None:
    options = bell.connection().transport_options
    assert options["socket_timeout"] < 1
    assert options["socket_connect_timeout"] < 1
    bell.forget()
