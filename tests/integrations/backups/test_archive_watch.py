"""Damage of the archive shows while the server is still there: at each fetch, in `backup verify`, in the drill."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command

from incidents.models import Incident
from integrations.backups import pg, ticking
from integrations.backups.archive import checking, proving, wal, walget
from integrations.backups.archive.index import index_read
from integrations.backups.errors import BackupError
from integrations.backups.restore import restoring, scratch
from integrations.backups.services import backup_run, source_server
from prsystem.core.context import SYSTEM
from prsystem.core.models import Job, OutboxEvent

pytestmark = pytest.mark.slow


def segments_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("0*.gz"))


def switch(server: pg.Server) -> None:
    with server.connect() as db:
        db.execute("SELECT pg_logical_emit_message(true, 'prueba', repeat('x', 5000))")
        db.execute("SELECT pg_switch_wal()")


@pytest.mark.django_db(transaction=True)
def test_a_lost_segment_is_told_at_once_and_a_new_copy_is_asked_for(folder: Path, some_data: object) -> None:
    assert backup_run(actor=SYSTEM, tier="monthly").state == "done"
    for _segment in range(3):
        switch(source_server())
    run = ticking.wal_collect()
    assert run is not None
    assert (run.state, run.error) == ("done", "")
    assert ticking.due_request() is None
    victim = segments_of(Path(run.path))[-2]
    victim.unlink()
    for _again in range(2):
        run = ticking.wal_collect()
    assert run is not None
    assert run.state == "failed"
    assert run.error.startswith(f"wal_damaged: {victim.name[:24]} is missing; what was committed before ")
    assert OutboxEvent.objects.filter(event="respaldo.fallido").count() == 1
    with pytest.raises(CommandError, match=victim.name[:24]):
        call_command("backup", "verify", stdout=StringIO())
    with pytest.raises(CommandError, match=victim.name[:24]):
        call_command("backup", "drill", stdout=StringIO())
    assert victim.name[:24] in Incident.objects.get(external_reference__startswith="simulacro:").description

    asked = ticking.due_request()
    assert asked is not None
    Job.objects.all().delete()
    asked.delete()
    assert backup_run(actor=SYSTEM).state == "done"
    run = ticking.wal_collect()
    assert run is not None
    assert run.state == "done", "from the new copy on every second can be brought back"
    assert victim.name[:24] in run.error


@pytest.mark.django_db(transaction=True)
def test_changed_bytes_are_found_by_reading_and_not_forgotten(
    folder: Path, some_data: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert backup_run(actor=SYSTEM, tier="monthly").state == "done"
    for _segment in range(2):
        switch(source_server())
    run = ticking.wal_collect()
    assert run is not None
    victim = segments_of(Path(run.path))[-1]
    content = bytearray(victim.read_bytes())
    content[200] ^= 1
    victim.write_bytes(bytes(content))
    with pytest.raises(CommandError, match=f"{victim.name[:24]} is damaged"):
        call_command("backup", "verify", stdout=StringIO())
    run.finished_at = None  # the first fetch of an hour
    run.save()
    monkeypatch.setattr(proving, "twenty_fourth", lambda hour: checking.everything)
    for _hour_and_after in range(2):
        run = ticking.wal_collect()
        assert run is not None
        assert f"{victim.name[:24]} is damaged" in run.error


def test_each_segment_has_its_hour() -> None:
    names = [f"00000001000000{high:02X}000000{low:02X}" for high in range(2) for low in range(256)]
    hours = [[hour for hour in range(24) if checking.twenty_fourth(hour)(name)] for name in names]
    assert all(len(due) == 1 for due in hours)


class Primary:
    """A server of its own, its archive, and a physical copy of it."""

    def __init__(self, server: pg.Server, root: Path) -> None:
        self.server, self.root = server, root
        with server.connect() as db:
            db.execute("CREATE TABLE filas (n int)")
        self.folder = wal.wal_fetch(server, root).folder
        with pg.base_backup(server) as stream, (root / "base.tar.gz").open("wb") as target:
            shutil.copyfileobj(stream, target)
        self.first = sorted(walget.plain(path.name) for path in self.folder.glob("0*"))[-1]

    def add(self, n: int) -> None:
        add(self.server, n)

    def unpack(self, folder: Path) -> None:
        with (self.root / "base.tar.gz").open("rb") as stream:
            scratch.unpack_base(stream, folder)

    def recovery(self) -> dict[str, str]:
        command = restoring._restore_command(self.folder)
        return {"restore_command": command, "recovery_target_timeline": "latest"}


def add(server: pg.Server, n: int) -> None:
    with server.connect() as db:
        db.execute("INSERT INTO filas VALUES (%s)", [n])


def lets_copy(folder: Path, server: pg.Server) -> None:
    (folder / "postgres" / "pg_hba.conf").write_text("local all all trust\nlocal replication all trust\n")
    with server.connect() as db:
        db.execute("SELECT pg_reload_conf()")


def rows(server: pg.Server) -> list[int]:
    with server.connect() as db:
        return [row[0] for row in db.execute("SELECT n FROM filas ORDER BY n")]


@pytest.fixture
def primary(tmp_path: Path) -> Iterator[Primary]:
    with scratch.empty_cluster(tmp_path / "uno") as server:
        root = tmp_path / "respaldos"
        root.mkdir()
        yield Primary(server, root)


def test_after_a_failover_the_archive_goes_on_and_lacks_no_history(primary: Primary, tmp_path: Path) -> None:
    primary.add(1)
    switch(primary.server)
    primary.add(2)
    wal.wal_fetch(primary.server, primary.root)
    second = tmp_path / "dos"
    with scratch.recovered_cluster(second, primary.unpack, user="prs", recovery=primary.recovery()) as promoted:
        lets_copy(second, promoted)
        add(promoted, 3)
        switch(promoted)
        add(promoted, 4)
        wal.wal_fetch(promoted, primary.root)
        add(promoted, 5)
        wal.wal_fetch(promoted, primary.root)
    assert checking.wal_faults(primary.folder, primary.first, deep=checking.everything) == []
    third = tmp_path / "tres"
    with scratch.recovered_cluster(third, primary.unpack, user="prs", recovery=primary.recovery()) as again:
        assert rows(again) == [1, 2, 3, 4, 5]

    [history] = primary.folder.glob("*.history*")
    content = history.read_bytes()
    history.unlink()
    faults = checking.wal_faults(primary.folder, primary.first)
    assert [fault.name for fault in faults] == ["00000002.history"]
    with (
        pytest.raises(BackupError, match=r"00000002\.history is missing"),
        scratch.recovered_cluster(third, primary.unpack, user="prs", recovery=primary.recovery()),
    ):
        pytest.fail("it started without what was written after the failover")
    history.write_bytes(gzip.compress(b"nada") if history.name.endswith(".gz") else b"nada")
    assert [fault.name for fault in checking.wal_faults(primary.folder, primary.first)] == ["00000002.history"]
    history.write_bytes(content)
    left = next(path for path in segments_of(primary.folder) if path.name.startswith("000000020"))
    left.unlink()
    assert [fault.name for fault in checking.wal_faults(primary.folder, primary.first)] == [left.name[:24]]


def end_lost(primary: Primary) -> list[Path]:
    """The server and the folder have no longer what follows the first segments; the files that are gone."""
    for n in range(4):
        primary.add(n)
        switch(primary.server)
        wal.wal_fetch(primary.server, primary.root)
    with primary.server.connect() as db:
        db.execute("CHECKPOINT")
        db.execute("CHECKPOINT")
    lost = segments_of(primary.folder)[-3:]
    for path in [*lost, *primary.folder.glob("0*.partial")]:
        path.unlink()
    with psycopg.connect(primary.server.url, autocommit=True) as db:
        kept = [row[0] for row in db.execute("SELECT pg_ls_dir('pg_wal') ORDER BY 1")]
    assert lost[0].name[:24] not in kept, "the server would still have it"
    primary.add(9)
    return lost


def cut_short(patch: pytest.MonkeyPatch, name: str = "") -> None:
    """What is received into a folder whose name begins so is there, and then the time is over."""
    plain = wal._receive

    def cut(server: pg.Server, folder: Path, end: str) -> None:
        plain(server, folder, end)
        if folder.name.startswith(name):
            raise BackupError("tool_late", "pg_receivewal took longer than 200 s")

    patch.setattr(wal, "_receive", cut)


def test_a_fetch_anew_that_is_cut_short_keeps_what_it_has_received(
    primary: Primary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slot has told the server that it is kept."""
    lost = end_lost(primary)
    switch(primary.server)
    switch(primary.server)
    with monkeypatch.context() as patch, pytest.raises(BackupError, match="took longer"):
        cut_short(patch, wal.ANEW)
        wal.wal_fetch(primary.server, primary.root)
    received = {path.name for path in segments_of(primary.folder)}
    for _segment in range(2):
        switch(primary.server)
        with primary.server.connect() as db:
            db.execute("CHECKPOINT")
    wal.wal_fetch(primary.server, primary.root)
    assert max(received) > max(path.name for path in lost)
    assert received <= {path.name for path in segments_of(primary.folder)}
    [fault] = checking.wal_faults(primary.folder, primary.first, deep=checking.everything)
    assert fault.text.startswith(lost[0].name[:24])
    assert not list(primary.folder.glob(f"{wal.ANEW}*"))


def test_what_a_killed_fetch_anew_has_left_is_taken_in(primary: Primary) -> None:
    primary.add(1)
    switch(primary.server)
    wal.wal_fetch(primary.server, primary.root)
    whole = segments_of(primary.folder)[-1]
    content, left = whole.read_bytes(), primary.folder / f"{wal.ANEW}x1y2"
    left.mkdir()
    whole.rename(left / whole.name)
    first = segments_of(primary.folder)[0]
    (left / first.name).write_bytes(b"otra vez, con otros bytes")
    wal.wal_fetch(primary.server, primary.root)
    assert whole.read_bytes() == content
    assert checking.wal_faults(primary.folder, primary.first, deep=checking.everything) == []
    assert not left.exists()


def test_only_a_server_that_has_no_more_makes_a_fetch_begin_anew(
    primary: Primary, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(primary.server)
    wal.wal_fetch(primary.server, primary.root)
    monkeypatch.setattr(wal, "_receive_anew", lambda *given: pytest.fail("it began anew"))
    with monkeypatch.context() as patch, pytest.raises(BackupError, match="took longer"):
        cut_short(patch)
        wal.wal_fetch(primary.server, primary.root)
    away = pg.Server(f"{primary.server.url}&port=1")
    with pytest.raises(BackupError, match="pg_receivewal ended with"):
        wal._receive_all(away, primary.folder, "0/0")


def test_a_folder_that_lost_its_end_goes_on_behind_a_gap_that_is_told(primary: Primary) -> None:
    lost = end_lost(primary)
    fetched = wal.wal_fetch(primary.server, primary.root)
    index = index_read(fetched.folder)
    assert index is not None
    assert {path.name for path in lost} <= index.files.keys()
    [fault] = checking.wal_faults(primary.folder, primary.first)
    assert re.match(rf"{lost[0].name[:24]} (is|to [0-9A-F]{{24}} are) missing", fault.text), "the slot keeps the last"
    primary.add(10)
    wal.wal_fetch(primary.server, primary.root)
    assert checking.wal_faults(primary.folder, primary.first) == [fault]


def test_a_fetch_that_is_killed_takes_nothing_back(primary: Primary, monkeypatch: pytest.MonkeyPatch) -> None:
    primary.add(1)
    wal.wal_fetch(primary.server, primary.root)
    primary.add(2)

    def killed(server: pg.Server, folder: Path, end: str) -> None:
        [part] = folder.glob("0*.partial")
        part.write_bytes(part.read_bytes()[:50])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(wal, "_receive", killed)
        with pytest.raises(KeyboardInterrupt):
            wal.wal_fetch(primary.server, primary.root)
    assert checking.wal_faults(primary.folder, primary.first, deep=checking.everything) == []
    place = primary.root / "nuevo"
    with scratch.recovered_cluster(place, primary.unpack, user="prs", recovery=primary.recovery()) as back:
        assert rows(back) == [1]
    wal.wal_fetch(primary.server, primary.root)
    assert not list(primary.folder.glob(f"{walget.SAVED}*"))
    with scratch.recovered_cluster(place, primary.unpack, user="prs", recovery=primary.recovery()) as back:
        assert rows(back) == [1, 2]


def test_only_what_lies_behind_the_archive_is_no_such_file(primary: Primary, tmp_path: Path) -> None:
    switch(primary.server)
    wal.wal_fetch(primary.server, primary.root)
    [part] = primary.folder.glob("*.partial")
    name = walget.plain(part.name)
    after = f"{name[:16]}{int(name[16:], 16) + 1:08X}"
    target = tmp_path / "sitio"
    assert walget.get(primary.folder, after, target) == walget.END
    assert walget.get(primary.folder, "00000002.history", target) == walget.END
    assert not target.exists()
    assert walget.get(primary.folder, name, target) == 0
    assert target.stat().st_size == walget.DEFAULT_SIZE
    with pytest.raises(FileNotFoundError):
        walget.get(primary.folder, name, tmp_path / "no" / "hay")
    index = json.loads((primary.folder / walget.INDEX).read_text())
    assert name + ".gz.partial" in index["files"]
