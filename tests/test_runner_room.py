"""A disk that takes nothing more stops the work and not the runner; with room again everything comes back by itself."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from prsystem.runner import process_runner, room
from prsystem.runner.layout import Layout
from tests.drills import single


@pytest.fixture
def disk() -> Iterator[Path]:
    try:
        with single.small_disk() as folder:
            yield folder
    except PermissionError as error:
        pytest.skip(str(error))


def test_what_is_full_is_said_in_one_line(disk: Path) -> None:
    layout = Layout(disk / "datos")
    layout.data.mkdir()
    assert room.faults(layout) == []
    again = single.fill(disk)
    assert room.faults(layout) == [f"el disco de {layout.data} está lleno (0 MiB libres)"]
    again()
    assert room.faults(layout) == []
    again = single.use_up_inodes(disk)
    (disk / "lleno").write_bytes(b"")
    assert room.faults(layout) == [f"el disco de {layout.data} no admite más archivos (inodos agotados)"]
    again()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert room.faults(layout) == [f"el disco de {layout.data} es de solo lectura"]


def test_a_log_that_takes_nothing_more_is_no_reason_to_end(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from supervisor import loggers

    class Full:
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

        flush = write

    monkeypatch.setattr(process_runner.sys, "stderr", Full())
    monkeypatch.setattr(loggers.RotatingFileHandler, "emit", loggers.RotatingFileHandler.emit)
    process_runner.lose_what_cannot_be_logged()
    path = disk / "registro.log"
    handler = loggers.RotatingFileHandler(str(path), maxBytes=10, backupCount=1)
    handler.setFormat("%(message)s")
    again = single.use_up_inodes(disk)
    for _line in range(3):
        handler.emit(loggers.LogRecord(loggers.LevelsByName.INFO, "x" * 20))
    again()
    handler.emit(loggers.LogRecord(loggers.LevelsByName.INFO, "vuelve"))
    written = "".join(file.read_text() for file in disk.glob("registro.log*"))
    assert "vuelve" in written


@pytest.mark.slow
def test_the_work_comes_back_when_there_is_room(disk: Path) -> None:
    seen = single.disk_full()
    assert seen.held, seen.seen


@pytest.mark.slow
def test_a_damaged_archive_is_refused_by_the_command(tmp_path: Path) -> None:
    seen = single.archive_damaged()
    assert seen.held, seen.seen
