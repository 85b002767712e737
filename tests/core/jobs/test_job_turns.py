"""Which job is next, who may take it, and that nothing is done twice at once."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, connections
from django.db.models.functions import Now
from django.utils import timezone
from redis import Redis

from prsystem.core.jobs import claiming, leases, queue
from prsystem.core.jobs.claiming import Lane, Worker
from prsystem.core.models import Job
from tests.jobs import job_run

pytestmark = pytest.mark.django_db
LONG_SECONDS = 3600
done: list[int] = []


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    done.clear()
    for name in ("_handlers", "_when_parked", "_seconds", "_subjects"):
        monkeypatch.setattr(queue, name, {})
    monkeypatch.setattr(queue, "_by_clock", set())
    monkeypatch.setattr(claiming, "here", Worker())
    for kind in ("report", "mail"):
        queue.register(kind, f"{__name__}.note")
    queue.register("bad", f"{__name__}.fail")
    queue.register("index", f"{__name__}.note", subject="index", by_clock=True)
    queue.register("index.manual", f"{__name__}.note", subject="index")
    queue.register("exam", f"{__name__}.note", seconds=LONG_SECONDS)
    queue.register("backup", f"{__name__}.note", seconds=2 * LONG_SECONDS)
    yield


def note(n: int = 0) -> None:
    done.append(n)


def fail(n: int = 0) -> None:
    raise ValueError(n)


def add(kind: str = "report", n: int = 0, **options: Any) -> Job:
    job = queue.build_job(kind, payload={"n": n}, **options)
    job.save()
    return job


def flood(count: int, kind: str = "bad", *, is_retry: bool = True, **options: Any) -> None:
    queue.enqueue_all(
        [queue.build_job(kind, payload={"n": n}, is_retry=is_retry, delay_seconds=-60, **options) for n in range(count)]
    )


def claimed(soft_limit: int | None = None) -> Job | None:
    return claiming.claim_next(queue.wanted(soft_limit))


def work(count: int) -> list[int]:
    """What the next claims did, by number."""
    for _ in range(count):
        queue.job_work()
    return done


def test_a_new_report_goes_before_ten_thousand_jobs_that_fail() -> None:
    flood(10_000)
    add(n=7)
    assert work(1) == [7]


def test_people_go_before_backlog_and_that_before_what_failed() -> None:
    flood(30, is_retry=False, queue="bulk")
    add("mail", 1, is_retry=True)
    add("mail", 2, queue="bulk")
    add("mail", 3)
    add(n=4, queue="urgent")
    assert work(2) == [4, 3]
    assert claimed().lane == Lane.BACKLOG  # type: ignore[union-attr]


def test_what_has_failed_goes_behind_everything_new_and_returns_to_its_lane_when_a_person_asks() -> None:
    job = add("bad", queue="urgent")
    assert not queue.job_work()
    job.refresh_from_db()
    assert (job.lane, job.attempts) == (Lane.AGAIN, 1)
    Job.objects.filter(pk=job.pk).update(state=Job.State.PARKED)
    from prsystem.core.jobs.retrying import job_unpark

    assert job_unpark(job.pk)
    job.refresh_from_db()
    assert job.lane == Lane.URGENT


def test_a_killed_worker_s_job_keeps_its_place() -> None:
    first = claimed_after_a_kill()
    add("mail", 2, queue="bulk")
    again = claimed()
    assert again is not None
    assert (again.pk, again.attempts, again.lane) == (first.pk, 2, Lane.PEOPLE)


def claimed_after_a_kill() -> Job:
    add(n=1)
    job = claimed()
    assert job is not None
    Job.objects.filter(pk=job.pk).update(leased_until=Now() - timedelta(seconds=1))
    return job


def test_no_area_key_or_kind_keeps_the_others_of_its_lane_waiting() -> None:
    flood(50, "report", is_retry=False, flow="area 1")
    flood(50, "report", is_retry=False, flow="area 2:ERP")
    add(n=100, flow="area 3")
    add("mail", 200)
    assert {100, 200} <= set(work(4))


def test_now_and_then_the_end_of_the_lanes_has_its_turn() -> None:
    """Else people who never stop reporting would starve the index, backups and every second try."""
    flood(100, "report", is_retry=False)
    add("mail", 1000, queue="bulk")
    add("mail", 2000, is_retry=True)
    assert {1000, 2000} <= set(work(2 * claiming.SHARE))
    assert done.index(1000) == claiming.SHARE - 1


def test_the_message_of_one_job_does_what_is_next() -> None:
    from prsystem.core.tasks import job_run_task

    backlog = add("mail", 1, queue="bulk")
    add(n=2)
    job_run_task(backlog.pk)
    assert done == [2]


@pytest.mark.parametrize(("kind", "others"), [("report", ["exam"]), ("exam", ["report"])])
def test_a_message_s_limit_says_what_kind_of_work_it_is_for(kind: str, others: list[str], settings: Any) -> None:
    """As it comes over the wire: every message has a limit, its own or the general one."""
    from prsystem.core.tasks import job_run_task

    line = f"prueba-{uuid4()}"
    for other in (*others, kind):
        add(other)
    queue.ring(1, line, kind)
    message = json.loads(Redis.from_url(settings.REDIS_URL).lpop(line))
    job_run_task.push_request(timelimit=message["headers"]["timelimit"])
    try:
        job_run_task.run(1)
    finally:
        job_run_task.pop_request()
    assert list(Job.objects.filter(state=Job.State.DONE).values_list("kind", flat=True)) == [kind]


def test_two_jobs_of_one_subject_are_never_in_hand_at_once() -> None:
    add("index")
    add("index.manual")
    first = claimed()
    assert first is not None
    assert claimed() is None
    assert not job_run(Job.objects.exclude(pk=first.pk).get().pk)
    leases.finish(first, Job.State.DONE)
    assert claimed() is not None


def test_the_same_work_asked_for_twice_is_one_subject() -> None:
    add(n=1)
    add(n=1)
    add(n=2)
    assert {job.payload["n"] for job in (claimed(), claimed()) if job} == {1, 2}
    assert claimed() is None


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_the_same_moment_share_the_jobs_out() -> None:
    flood(12, "report", is_retry=False)
    flood(6, "index", is_retry=False)
    found: list[tuple[int, str]] = []

    def claims() -> None:
        while job := claimed():
            found.append((job.pk, job.subject))
        connections.close_all()

    threads = [threading.Thread(target=claims) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found)) == 13
    assert [subject for _pk, subject in found].count("index") == 1


def test_the_last_process_is_kept_for_people() -> None:
    claiming.here.processes = 3
    flood(5, "mail", is_retry=False, queue="bulk")
    assert [claimed() is not None for _ in range(3)] == [True, True, False]
    add(n=7)
    assert claimed().payload == {"n": 7}  # type: ignore[union-attr]


@pytest.mark.parametrize(("processes", "long", "others"), [(1, 1, 0), (2, 1, 0), (3, 1, 1), (4, 2, 1)])
def test_long_work_leaves_processes_for_the_rest(processes: int, long: int, others: int) -> None:
    claiming.here.processes = processes
    flood(4, "exam", is_retry=False)
    flood(4, "mail", is_retry=False, queue="bulk")
    add(n=7)
    assert claimed().kind == "report"  # type: ignore[union-attr]
    assert sum(claimed(LONG_SECONDS) is not None for _ in range(4)) == long
    assert sum(claimed() is not None for _ in range(4)) == others


def test_another_host_s_work_isn_t_counted_as_this_worker_s() -> None:
    claiming.here.processes = 2
    add("exam")
    assert claimed(LONG_SECONDS)
    Job.objects.update(worker="otro:1")
    add("exam", 2)
    assert claimed(LONG_SECONDS)


def test_long_work_is_done_within_a_limit_that_is_long_enough() -> None:
    add("backup")
    assert claimed() is None
    assert claimed(LONG_SECONDS) is None
    assert claimed(2 * LONG_SECONDS).kind == "backup"  # type: ignore[union-attr]


def test_after_work_that_nobody_waits_for_the_bell_rings_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(queue, "ring", lambda job_id, name, kind: rung.append(kind))
    for kind in ("mail", "mail", "exam"):
        add(kind, len(rung) + Job.objects.count(), queue="bulk")
    queue.job_work()
    assert rung == ["mail", "exam"]


@pytest.mark.parametrize("skew", [timedelta(minutes=-5), timedelta(minutes=5)])
def test_a_lease_runs_by_the_database_s_clock(skew: timedelta) -> None:
    """A host whose clock is behind gave leases that had ended already: its jobs were done twice at once."""
    job = add(n=1)
    with time_machine.travel(timezone.now() + skew, tick=True):
        Job.objects.filter(pk=job.pk).update(run_at=Now())
        taken = claimed()
        assert taken is not None
        leases.renew_once(taken)
    assert Job.objects.filter(leased_until__gt=Now(), leased_until__lte=Now() + claiming.LEASE).exists()
    assert claimed() is None


def test_who_lost_a_job_changes_nothing_of_it() -> None:
    job = claimed_after_a_kill()
    other = claimed()
    assert other is not None
    leases.renew_once(job)
    assert not leases.finish(job, Job.State.DONE)
    other.refresh_from_db()
    assert other.state == Job.State.PENDING
    assert leases.finish(other, Job.State.DONE)


def test_a_database_that_was_away_leaves_the_job_with_who_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    job = claimed_after_a_kill()

    def away(*_args: Any, **_values: Any) -> bool:
        raise DatabaseError("away")

    with monkeypatch.context() as patch:
        patch.setattr(leases, "change", away)
        patch.setattr(leases.connection, "close", lambda: None)
        leases.renew_once(job)
    leases.renew_once(job)
    assert claimed() is None


def test_what_goes_by_the_clock_leaves_no_row_and_is_not_tried_before_its_time() -> None:
    add("index")
    assert queue.job_work()
    queue.register("index", f"{__name__}.fail", by_clock=True)
    add("index")
    assert not queue.job_work()
    assert not Job.objects.exists()


def test_work_in_this_process_is_a_job_in_hand() -> None:
    with queue.job_held("index"):
        add("index.manual")
        assert claimed() is None
    assert claimed() is not None


def test_work_in_this_process_that_fails_is_left_to_the_workers() -> None:
    with pytest.raises(ValueError, match="no"), queue.job_held("index"):
        raise ValueError("no")
    assert queue.job_work()


def test_work_in_this_process_waits_for_a_worker_s(monkeypatch: pytest.MonkeyPatch) -> None:
    add("index")
    first, waited = claimed(), []
    assert first is not None

    def finished(seconds: float) -> None:
        waited.append(seconds)
        leases.drop(first)

    monkeypatch.setattr(queue, "sleep", finished)
    with queue.job_held("index"):
        assert len(waited) == 1


def test_somebody_waits_for_reports_and_nobody_for_backlog_or_long_work() -> None:
    seen: list[bool] = []
    assert queue.is_waited_for()
    for job in (add(), add(queue="bulk"), add("mail", is_retry=True), add("exam")):
        with queue._context_of(job):
            seen.append(queue.is_waited_for())
    assert seen == [True, False, False, False]


def test_the_sweep_rings_for_every_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(queue, "ring", lambda job_id, name, kind: rung.append(kind))
    flood(queue.SWEEP_BATCH + 50, "bad")
    add("exam", queue="bulk")
    add(n=1)
    assert queue.jobs_sweep() == queue.SWEEP_PER_FLOW + 2
    assert rung[:2] == ["report", "exam"]


def test_a_claim_reads_a_few_rows_of_the_index_however_many_wait() -> None:
    flood(5000, flow="1")
    flood(5000, "mail", is_retry=False, queue="bulk")
    for area in range(20):
        flood(50, "report", is_retry=False, flow=f"area {area}")
    given: dict[str, Any] = {"lanes": [1, 2, 3], "after": ["", "", ""], "kinds": ["exam"], "among": False}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_job")
        given["tolerance"] = claiming.CLOCK_TOLERANCE
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {claiming.NEXT}", given)
        [plan] = cursor.fetchone()[0]
    scans = [node for node in nodes_of(plan["Plan"]) if node.get("Relation Name") == "core_job"]
    assert {node.get("Index Name") for node in scans} <= {"job_in_turn", "job_in_hand"}
    assert sum(node["Actual Rows"] * node["Actual Loops"] for node in scans) < 200


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes_of(part)
