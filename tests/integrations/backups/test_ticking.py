"""What happens by the clock."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib import admin
from django.utils import timezone, translation

from integrations.backups import ticking, wal
from integrations.backups.admin import BackupRunAdmin
from integrations.backups.errors import BackupError
from integrations.backups.metrics import BackupCollector
from integrations.backups.models import BackupRun
from prsystem.core.models import Job, OutboxEvent

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
