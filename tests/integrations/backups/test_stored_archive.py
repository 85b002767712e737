"""A restore to a moment on an empty machine brings every stored file that the database names then, or names it."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pyrage
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from incidents.models import Attachment
from integrations.backups import files, stores, ticking
from integrations.backups.archive import proving, stored, storedpush
from integrations.backups.copy import making as copying
from integrations.backups.errors import BackupError
from integrations.backups.services import source_server
from prsystem.core.bounds import deadlines
from tests.integrations.backups.conftest import AFTER, BEFORE, Archive, attach, restored

pytestmark = [pytest.mark.django_db(transaction=True)]


def texts() -> list[str]:
    """Of the files that the database names, as far as they are there."""
    names = Attachment.objects.order_by("pk").values_list("file", flat=True)
    return [default_storage.open(name).read().decode() for name in names if default_storage.exists(name)]


def archived(archive: Archive) -> Path:
    [found] = [path for path in (archive.root / stored.FOLDER).glob("adjuntos/**/*") if path.is_file()]
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("site_lost")
def test_files_made_after_the_copy_come_back(archive: Archive) -> None:
    told = restored(archive)
    assert texts() == [BEFORE, AFTER]
    assert (told["archivos"], told["archivos_faltan"]) == (2, [])


@pytest.mark.slow
@pytest.mark.usefixtures("site_lost")
@pytest.mark.parametrize("damage", ["missing", "changed", "no archive", "no list", "not listed"])
def test_a_file_that_is_in_no_copy_is_named_and_the_command_fails(archive: Archive, damage: str) -> None:
    victim = archived(archive)
    if damage == "missing":
        victim.unlink()
    elif damage == "changed":
        victim.write_text("Otra cosa")
    elif damage == "no list":
        (archive.root / stored.FOLDER / stored.INDEX).unlink()
    elif damage == "not listed":
        stored.stored_forget(archive.root, stored.entries_read(archive.root / stored.FOLDER))
    else:
        shutil.rmtree(archive.root / stored.FOLDER)
    with pytest.raises(CommandError, match=victim.name) as failed:
        restored(archive)
    assert failed.value.returncode == 3
    assert texts() == [BEFORE]


@pytest.fixture
def base(folder: Path, some_data: object) -> proving.Base:
    """A copy that holds one file."""
    copy = folder / "20260101T000000Z-daily"
    copy.mkdir(parents=True)
    marks = files.mark_of(attach("Uno"))
    (copy / copying.MARKS).write_bytes(marks)
    return proving.Base(timezone.now(), "0" * 24, copy, frozenset())


def kept(folder: Path) -> list[str]:
    found = (folder / stored.FOLDER).glob("adjuntos/**/*")
    return sorted(path.read_text() for path in found if path.is_file())


def test_only_what_the_copy_lacks_is_brought_and_once(folder: Path, base: proving.Base) -> None:
    attach("Dos")
    collected = stored.stored_collect(source_server(), folder, base)
    assert (len(collected.copied), collected.missing, kept(folder)) == (1, [], ["Dos"])
    assert stored.stored_collect(source_server(), folder, base).copied == []
    assert stored.stored_faults(folder, deep=lambda name: True) == {}


def test_what_a_restore_still_needs_is_never_removed(folder: Path, base: proving.Base) -> None:
    """A file deleted since is needed by the moments before; it goes when the oldest copy in use is a later one."""
    name = attach("Dos")
    stored.stored_collect(source_server(), folder, base)
    Attachment.objects.get(file=name).delete()
    default_storage.delete(name)
    attach("Tres")
    stored.stored_collect(source_server(), folder, base)
    assert kept(folder) == ["Dos", "Tres"]

    later = base.folder.with_name("20260102T000000Z-daily")
    later.mkdir()
    names = Attachment.objects.values_list("file", flat=True)
    (later / copying.MARKS).write_bytes(b"".join(files.mark_of(name) for name in names))
    lacking = proving.Base(timezone.now() + timedelta(seconds=1), "0" * 24, later, frozenset({name}))
    stored.stored_collect(source_server(), folder, lacking)
    assert kept(folder) == ["Dos"], "the copy says that it couldn't read it"
    whole = proving.Base(lacking.taken_at, "0" * 24, later, frozenset())
    stored.stored_collect(source_server(), folder, whole)
    assert kept(folder) == []
    assert stored.entries_read(folder / stored.FOLDER) == {}


def test_damage_is_told_and_mended_while_the_store_has_the_file(
    folder: Path, base: proving.Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [attach("Dos"), attach("Tres"), attach("Cuatro")]
    stored.stored_collect(source_server(), folder, base)
    (folder / stored.FOLDER / names[0]).unlink()
    (folder / stored.FOLDER / names[1]).write_text("Tras")
    (folder / stored.FOLDER / names[2]).unlink()
    default_storage.delete(names[2])
    faults = stored.stored_faults(folder, deep=lambda name: True)
    assert sorted(faults) == sorted(names)
    monkeypatch.setattr(stored, "wal_problems", lambda: [])
    call_command("backup", "run", stdout=StringIO())
    with pytest.raises(CommandError, match=names[1]):
        call_command("backup", "verify", stdout=StringIO())

    monkeypatch.setattr(proving.Bases, "of_files", base)
    monkeypatch.setattr(ticking.checking, "nothing", lambda name: True)
    told = ticking._stored_collect(source_server(), proving.Bases([base]), None)
    assert kept(folder) == ["Dos", "Tres"]
    assert told == [faults[names[2]], f"1 stored files are missing, {names[2]} among them"]


def test_a_file_that_can_not_be_copied_keeps_no_other_one_waiting(
    folder: Path, base: proving.Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is told: at every round the list once began with the same file, and never was written."""
    large, unreadable, fine = attach("Demasiado grande"), attach("Dos"), attach("Tres")
    away = default_storage.open

    def opened(name: str) -> Any:
        if name == unreadable:
            raise PermissionError(name)
        return away(name)

    room = len("Demasiado grande") - 1
    monkeypatch.setattr(default_storage, "open", opened)
    monkeypatch.setattr(stored.shutil, "disk_usage", lambda path: SimpleNamespace(free=stored.SPARE_BYTES + room))
    monkeypatch.setattr(proving.Bases, "of_files", base)
    with pytest.raises(BackupError, match=r"(can't be read|MiB free).*; 1 more stored files can't be copied"):
        ticking._stored_collect(source_server(), proving.Bases([base]), None)
    assert kept(folder) == ["Tres"]
    assert stored.entries_read(folder / stored.FOLDER).keys() == {fine}
    again = stored.stored_collect(source_server(), folder, base)
    assert (again.copied, again.failed.keys()) == ([], {large, unreadable})


def test_what_was_brought_before_the_end_of_the_time_is_listed(
    folder: Path, base: proving.Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach("Dos")
    attach("Tres")
    plain = stored._copy

    def over(name: str, *given: Any) -> Any:
        if kept(folder):
            raise SoftTimeLimitExceeded
        return plain(name, *given)

    monkeypatch.setattr(stored, "_copy", over)
    with pytest.raises(SoftTimeLimitExceeded):
        stored.stored_collect(source_server(), folder, base)
    assert len(stored.entries_read(folder / stored.FOLDER)) == len(kept(folder)) == 1


def test_time_over_goes_on_at_the_next_fetch(folder: Path, base: proving.Base) -> None:
    attach("Dos")
    with deadlines.within(-1):
        assert not stored.stored_collect(source_server(), folder, base).is_done
    assert stored.stored_collect(source_server(), folder, base).is_done
    assert kept(folder) == ["Dos"]


@pytest.fixture
def bucket(settings: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    given = {"endpoint_url": f"http://{host}:{port}", "region_name": "us-east-1"}
    name = f"fuera-{abs(hash(request.node.name)) % 10**8}"  # the stand-in keeps its buckets for all servers
    made = boto3.resource("s3", aws_access_key_id="x", aws_secret_access_key="x", **given).create_bucket(Bucket=name)
    settings.BACKUP_STORES = {
        "offsite": {"bucket_name": name, "access_key": "x", "secret_key": "x", "lock": "", **given}
    }
    stores.store.cache_clear()
    yield made
    stores.store.cache_clear()
    server.stop()


@pytest.mark.slow
@pytest.mark.usefixtures("site_lost")
def test_an_encrypted_store_alone_is_enough(archive: Archive, bucket: Any, tmp_path: Path) -> None:
    from integrations.backups.archive import walpush

    key = pyrage.x25519.Identity.generate()
    (tmp_path / "custodia.txt").write_text(f"{key}\n")
    stores.put_copy("offsite", archive.copy)
    walpush.wal_push(archive.folder, [key.to_public()])
    storedpush.stored_push(archive.root, "offsite", [key.to_public()])
    keys = [item.key for item in bucket.objects.filter(Prefix=f"respaldos/{stored.FOLDER}/")]
    assert all(name.endswith(".age") for name in keys)
    assert not any(".nombres" in item.key for item in bucket.objects.all())
    shutil.rmtree(archive.root)
    told = restored(archive, source=f"s3://{bucket.name}", options=("--identity", str(tmp_path / "custodia.txt")))
    assert texts() == [BEFORE, AFTER]
    assert told["archivos_faltan"] == []


@pytest.mark.slow
@pytest.mark.usefixtures("site_lost")
def test_a_folder_copied_from_a_store_is_enough(archive: Archive, bucket: Any, tmp_path: Path) -> None:
    """What somebody brought from the store by other means: encrypted segments are no missing segments."""
    from integrations.backups.archive import walpush

    key = pyrage.x25519.Identity.generate()
    (tmp_path / "custodia.txt").write_text(f"{key}\n")
    stores.put_copy("offsite", archive.copy)
    walpush.wal_push(archive.folder, [key.to_public()])
    storedpush.stored_push(archive.root, "offsite", [key.to_public()])
    for item in bucket.objects.all():
        target = tmp_path / "traida" / item.key
        target.parent.mkdir(parents=True, exist_ok=True)
        bucket.download_file(item.key, str(target))
    shutil.rmtree(archive.root)
    source = str(tmp_path / "traida" / "respaldos")
    with pytest.raises(CommandError, match="its age key is needed"):
        restored(archive, source=source)
    told = restored(archive, source=source, options=("--identity", str(tmp_path / "custodia.txt")))
    assert texts() == [BEFORE, AFTER]
    assert told["archivos_faltan"] == []
    wrong = tmp_path / "otra.txt"
    wrong.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    with pytest.raises(CommandError, match=r"0{7}1.*can't be decrypted with this key"):
        restored(archive, source=source, options=("--identity", str(wrong)))


@pytest.mark.slow
@pytest.mark.usefixtures("site_lost")
@pytest.mark.parametrize("damage", ["segment gone", "segment short", "base gone", "list gone"])
def test_a_damaged_store_is_named(archive: Archive, bucket: Any, damage: str) -> None:
    from integrations.backups.archive import walpush

    stores.put_copy("offsite", archive.copy)
    walpush.wal_push(archive.folder, [])
    segment = archive.segments[1].name
    where = f"respaldos/wal/{archive.folder.name}"
    if damage == "segment gone":
        bucket.Object(f"{where}/{segment}").delete()
    elif damage == "segment short":
        bucket.put_object(Key=f"{where}/{segment}", Body=archive.segments[1].read_bytes()[:999])
    elif damage == "base gone":
        bucket.Object(f"respaldos/{archive.copy.name}/base.tar.gz").delete()
    else:
        for item in bucket.objects.filter(Prefix=where):
            item.delete()
    shutil.rmtree(archive.root)
    named = {"base gone": r"base\.tar\.gz", "list gone": "0{7}1.* is missing"}.get(damage, segment[:24])
    with pytest.raises(CommandError, match=named):
        restored(archive, source=f"s3://{bucket.name}")


def test_what_was_damaged_since_does_not_replace_what_was_sent(archive_of_wal: Path, bucket: Any) -> None:
    from integrations.backups.archive import walpush

    assert walpush.wal_push(archive_of_wal, []) > 0
    [part] = archive_of_wal.glob("0*")
    key = f"respaldos/wal/{archive_of_wal.name}/{part.name}"
    sent = bucket.Object(key).get()["Body"].read()
    part.write_bytes(b"cortado")
    assert walpush.wal_push(archive_of_wal, []) == 0
    assert bucket.Object(key).get()["Body"].read() == sent
    (archive_of_wal / f"{walpush.SENT_PREFIX}offsite").write_text("{")
    with pytest.raises(BackupError, match="not what the list says"):
        walpush.wal_push(archive_of_wal, [])
    assert bucket.Object(key).get()["Body"].read() == sent


@pytest.fixture
def archive_of_wal(tmp_path: Path) -> Path:
    from integrations.backups.archive.index import index_update

    folder = tmp_path / "7000000000000000001"
    folder.mkdir()
    (folder / "000000010000000000000001.gz").write_bytes(b"contenido")
    index_update(folder, folder.name, timezone.now(), "0/1000000", 16 << 20)
    assert json.loads((folder / "wal.json").read_text())["files"]
    return folder
