"""A damaged archive is named and refused: never the success of a restore that lacks what was reported."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from incidents.models import Incident
from integrations.backups.archive import checking, walget
from integrations.backups.models import RestorePoint
from integrations.backups.restore import restoring
from tests.integrations.backups.conftest import SEGMENTS, Archive, restored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _lost(site_lost: None) -> None:
    """The site is gone: only the folder of copies is there."""


def index_of(archive: Archive) -> dict[str, Any]:
    return json.loads((archive.folder / walget.INDEX).read_text())


def test_the_moment_told_is_that_of_the_last_commit(archive: Archive) -> None:
    told = restored(archive)
    assert Incident.objects.count() == 5 + SEGMENTS + 1
    until, last = datetime.fromisoformat(told["hasta"]), Incident.objects.latest("created_at").created_at
    assert last <= until <= datetime.fromisoformat(index_of(archive)["until"]) + timedelta(seconds=5)

    moment = last - timedelta(microseconds=1)
    told = restored(archive, moment.isoformat())
    assert datetime.fromisoformat(told["hasta"]) < moment
    assert not Incident.objects.filter(title="La última").exists()


def missing(path: Path) -> None:
    path.unlink()


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[min(2000, len(content) // 2)] ^= 0x40  # further on, among zeros, a flip may change nothing
    path.write_bytes(bytes(content))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zeroed(path: Path) -> None:
    path.write_bytes(gzip.compress(bytes(walget.DEFAULT_SIZE), 1))


def rewritten(path: Path) -> None:
    """Sound gzip with a changed record within."""
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[9000] ^= 0x01
    path.write_bytes(gzip.compress(bytes(content), 1))


def cut_short(path: Path) -> None:
    """Sound gzip of half a segment."""
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:300_000], 1))


def no_gzip(path: Path) -> None:
    path.write_bytes(b"<html>502 Bad Gateway</html>")


DAMAGES = (missing, truncated, flipped, empty, zeroed, rewritten, cut_short, no_gzip)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_segment_is_named_and_nothing_is_changed(archive: Archive, damage: Callable[[Path], None]) -> None:
    victim = archive.segments[2]
    damage(victim)
    with pytest.raises(CommandError, match=victim.name.removesuffix(".gz")):
        restored(archive)
    assert not RestorePoint.objects.exists()
    faults = checking.wal_faults(archive.folder, archive.segments[0].name[:24], deep=checking.everything)
    assert [fault.name for fault in faults] == [victim.name.removesuffix(".gz")]


@pytest.mark.parametrize("damage", DAMAGES)
def test_without_the_list_of_an_older_version_damage_is_still_found(
    archive: Archive, damage: Callable[[Path], None]
) -> None:
    """All but a record changed in sound gzip, which PostgreSQL's own checksum finds and takes for the end."""
    (archive.folder / walget.INDEX).unlink()
    victim = archive.segments[2]
    damage(victim)
    faults = checking.wal_faults(archive.folder, archive.segments[0].name[:24], deep=checking.everything)
    assert bool(faults) is (damage is not rewritten)


@pytest.mark.parametrize("damage", [missing, truncated, flipped, empty])
def test_the_last_unfinished_segment_counts_too(archive: Archive, damage: Callable[[Path], None]) -> None:
    name = archive.part.name[:24]
    damage(archive.part)
    with pytest.raises(CommandError, match=name):
        restored(archive)


def test_a_segment_lost_at_the_end_is_not_the_end(archive: Archive) -> None:
    """With the last segments gone nothing in the folder tells, but the list does."""
    archive.part.unlink()
    for path in archive.segments[-2:]:
        path.unlink()
    with pytest.raises(CommandError, match=r"to [0-9A-F]{24} are missing \(3\)"):
        restored(archive)


def test_what_lies_before_the_damage_can_still_be_brought_back(archive: Archive) -> None:
    victim = archive.segments[-1]
    victim.unlink()
    with pytest.raises(CommandError, match=r"what was committed before (.+) is whole") as refused:
        restored(archive)
    moment = str(refused.value).partition("committed before ")[2].partition(" is whole")[0]
    told = restored(archive, moment)
    assert datetime.fromisoformat(told["hasta"]) < datetime.fromisoformat(moment)
    assert Incident.objects.filter(title="Después 1").exists()
    assert not Incident.objects.filter(title="La última").exists()


def test_a_moment_behind_the_damage_is_refused(archive: Archive) -> None:
    victim = archive.segments[2]
    flipped(victim)
    with pytest.raises(CommandError, match=f"{victim.name[:24]} is damaged: its checksum differs"):
        restored(archive, index_of(archive)["until"])


def test_a_moment_beyond_the_archive_is_refused(archive: Archive) -> None:
    with pytest.raises(CommandError, match="the archive goes up to"):
        restored(archive, datetime.now(UTC).isoformat())


@pytest.mark.parametrize("what", ["another server's", "altered list", "list is no JSON"])
def test_an_archive_that_is_not_what_was_written_is_refused(archive: Archive, what: str) -> None:
    if what == "another server's":
        other = archive.folder.with_name("7000000000000000001")
        archive.folder.rename(other)
        manifest = archive.copy / "manifest.json"
        manifest.write_text(manifest.read_text().replace(archive_system(archive), other.name))
        index = json.loads((other / walget.INDEX).read_text())
        del index["digest"]
        (other / walget.INDEX).write_text(json.dumps({**index, "digest": walget.digest_of(index)}))
    elif what == "altered list":
        index = index_of(archive)
        del index["files"][archive.segments[2].name]
        (archive.folder / walget.INDEX).write_text(json.dumps(index))
        archive.segments[2].unlink()
    else:
        (archive.folder / walget.INDEX).write_text("{")
    with pytest.raises(CommandError, match=r"of another server|wal\.json|altered|not what was written"):
        restored(archive)
    assert not RestorePoint.objects.exists()


def archive_system(archive: Archive) -> str:
    return str(json.loads((archive.copy / "manifest.json").read_text())["system"])


@pytest.mark.parametrize("damage", ["python fails", "python is gone", "killed"])
def test_a_fetcher_that_fails_is_not_the_end_of_the_archive(
    archive: Archive, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "python"
    text = {"python fails": "#!/bin/sh\nexit 1\n", "killed": "#!/bin/sh\nkill -9 $$\n"}.get(damage)
    if text:
        fake.write_text(text)
        fake.chmod(0o755)
    monkeypatch.setattr(restoring.sys, "executable", str(fake))
    with pytest.raises(CommandError, match="did not start"):
        restored(archive)
    assert not RestorePoint.objects.exists()
