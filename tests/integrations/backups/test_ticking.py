"""What happens by the clock."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import LazySettings
from django.contrib import admin
from django.utils import timezone, translation

from integrations.backups import pg, ticking
from integrations.backups.admin import BackupRunAdmin
from integrations.backups.archive import checking, wal
from integrations.backups.errors import BackupError
from integrations.backups.locking import one_fetch
from integrations.backups.metrics import BackupCollector
from integrations.backups.models import BackupRun
from integrations.backups.services import source_server
from prsystem.core.bounds import deadlines
from prsystem.core.jobs import queue
from prsystem.core.models import Job, OutboxEvent
from tests.jobs import job_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("folder", "light")]


def make_run(**fields: object) -> BackupRun:
    now = timezone.now()
    values = {"tier": "daily", "state": "done", "taken_at": now, "verified_at": now, "requested_by": "x", **fields}
    return BackupRun.objects.create(copy_id=f"c{BackupRun.objects.count()}", **values)


def test_what_is_due_is_asked_for_once() -> None:
    first = ticking.due_request()
    assert first is not None
    assert (first.tier, first.state) == ("monthly", "pending")
    assert ticking.due_request() is None
    assert Job.objects.get(kind="backup.run").payload == {"run_id": first.pk}


def test_nothing_is_due_after_a_good_copy() -> None:
    make_run(tier="monthly")
    assert ticking.due_request() is None


def test_a_failed_copy_is_asked_for_again_only_later() -> None:
    run = make_run(state="failed", taken_at=None)
    assert ticking.due_request() is None
    BackupRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(hours=2))
    assert ticking.due_request() is not None


def test_a_killed_run_is_told_of_by_the_clock() -> None:
    run = make_run(state="running")
    assert ticking.killed_tell() == 1
    run.refresh_from_db()
    assert run.state == "failed"
    assert OutboxEvent.objects.filter(event="respaldo.fallido").exists()


def test_an_archive_that_fails_is_told_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(server: object, root: Path) -> None:
        raise BackupError("wal_lost", wal.SLOT_LOST)

    monkeypatch.setattr(ticking.copying, "may_replicate", lambda server: True)
    monkeypatch.setattr(wal, "wal_fetch", broken)
    for _again in range(3):
        run = ticking.wal_collect()
    assert run is not None
    assert run.error.startswith("wal_lost")
    assert OutboxEvent.objects.filter(event="respaldo.fallido").count() == 1


@pytest.fixture
def round_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Makes the parts of a round what is given; the names of those that were begun."""

    def made(**acts: Callable[[], object]) -> list[str]:
        begun: list[str] = []

        def part(name: str) -> Callable[[object], list[str]]:
            def act(now: object) -> list[str]:
                begun.append(name)
                acts.get(name, lambda: None)()
                return []

            act.__name__ = name
            return act

        parts = tuple((part(plain.__name__), seconds) for plain, seconds in ticking.PARTS)
        monkeypatch.setattr(ticking, "PARTS", parts)
        monkeypatch.setattr(ticking.copying, "may_replicate", lambda server: True)
        return begun

    return made


def raising(error: Exception) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


def test_no_part_of_the_archive_keeps_another_one_waiting(round_of: Callable[..., list[str]]) -> None:
    failing = {"_wal_bring": raising(BackupError("wal_late", "x")), "_wal_send": raising(OSError("y"))}
    begun = round_of(**failing)
    run = ticking.wal_collect()
    assert begun == ["_wal_bring", "_wal_send", "_files_bring", "_files_send"]
    assert run is not None
    assert (run.state, run.error) == ("failed", "wal_late: x; OSError: y")


def test_a_round_that_hangs_is_a_failed_hour_and_copies_are_still_asked_for(
    round_of: Callable[..., list[str]],
) -> None:
    begun = round_of(_wal_send=raising(SoftTimeLimitExceeded()))
    ticking.backups_tick_request()
    for job in Job.objects.order_by("pk"):
        job_run(job.pk)
    assert begun == ["_wal_bring", "_wal_send"], "what is left of the time is for telling it"
    assert BackupRun.objects.get(tier="hourly").error.startswith("late: _wal_send")
    assert Job.objects.filter(kind="backup.run").exists()


def test_a_store_that_takes_long_is_a_job_of_its_own() -> None:
    ticking.backups_tick_request()
    assert not Job.objects.filter(kind="backup.push").exists()
    make_run(state="incomplete")
    ticking.backups_tick_request()
    assert Job.objects.filter(kind="backup.push").exists()
    assert queue._limits("backup.push")["soft_time_limit"] == 6 * 3600


def test_a_round_ends_before_a_job_must(settings: LazySettings) -> None:
    assert sum(seconds for _part, seconds in ticking.PARTS) < settings.CELERY_TASK_SOFT_TIME_LIMIT
    assert not queue._limits("backup.archive")


def test_nothing_begins_after_the_end_of_the_time(folder: Path) -> None:
    from integrations.backups.archive import walpush

    server = source_server()
    with deadlines.within(-1):
        with pytest.raises(BackupError, match="took longer than 0 s"):
            pg.run("pg_receivewal", "--version")
        with pytest.raises(BackupError, match="it is sent in the next round"):
            walpush.send("offsite", "x", folder / "x", [])
        assert not checking.in_time(checking.everything)("x")
    assert pg.run("pg_receivewal", "--version")
    with one_fetch(server), pytest.raises(psycopg.errors.LockNotAvailable), deadlines.within(0.2), one_fetch(server):
        pytest.fail("two fetches at once")


def test_expired_copies_go_and_the_last_verified_one_stays(folder: Path) -> None:
    old = timezone.now() - timedelta(days=40)
    gone, kept = make_run(taken_at=old), make_run(taken_at=timezone.now())
    for run in (gone, kept):
        (folder / run.copy_id).mkdir(parents=True)
        BackupRun.objects.filter(pk=run.pk).update(path=str(folder / run.copy_id))
    assert ticking.expired_remove() == 1
    assert [path.name for path in folder.iterdir()] == [kept.copy_id]
    assert BackupRun.objects.get(pk=gone.pk).state == "removed"


def test_a_path_outside_the_folder_is_never_removed(folder: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "ajena"
    foreign.mkdir()
    make_run(taken_at=timezone.now() - timedelta(days=40), path=str(foreign))
    make_run()
    assert ticking.expired_remove() == 1
    assert foreign.is_dir()


def test_metrics_say_when_each_tier_was_last_good() -> None:
    weekly = make_run(tier="weekly", taken_at=timezone.now() - timedelta(hours=3))
    make_run(tier="daily", state="failed")
    families = {family.name: family for family in BackupCollector().collect()}
    success = families["pr_backup_last_success_timestamp_seconds"].samples
    values = {sample.labels["tier"]: sample.value for sample in success}
    assert weekly.taken_at is not None
    assert values == {"daily": weekly.taken_at.timestamp(), "weekly": weekly.taken_at.timestamp(), "monthly": 0.0}


def test_the_history_says_verified_of_what_was_proven_alone() -> None:
    shown = BackupRunAdmin(BackupRun, admin.site)
    with translation.override("en"):
        states = [str(shown.standing(make_run(tier=tier))) for tier in ("daily", "hourly")]
        assert states == ["Verified", "Brought"]
        assert str(shown.standing(make_run(tier="hourly", state="failed"))) == "Failed"
