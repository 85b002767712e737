"""A copy's tar goes beneath the folder it is unpacked into, as files of whoever unpacks it, whatever it says itself."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from integrations.backups.restore.scratch import unpack_base


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> io.BytesIO:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    made.seek(0)
    return made


def member(name: str, kind: bytes = tarfile.REGTYPE, **values: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode = kind, 0o600
    for field, value in values.items():
        setattr(info, field, value)
    return info


def test_folders_and_files_are_written_as_one_s_own(tmp_path: Path) -> None:
    stranger: dict[str, Any] = {"uid": 4242, "gid": 4242, "uname": "postgres", "mode": 0o4777}
    folder = member("base", tarfile.DIRTYPE, mode=0o700)
    unpack_base(tar_of((folder, b""), (member("base/1", **stranger), b"datos")), tmp_path)
    file = tmp_path / "base" / "1"
    assert file.read_bytes() == b"datos"
    assert (file.stat().st_uid, file.stat().st_mode & 0o7777) == (tmp_path.stat().st_uid, 0o755)


@pytest.mark.parametrize(
    "hostile",
    [
        member("../fuera"),
        member("/tmp/fuera"),
        member("base", tarfile.SYMTYPE, linkname="/etc"),
        member("base", tarfile.LNKTYPE, linkname="../fuera"),
        member("base", tarfile.FIFOTYPE),
        member("base", tarfile.CHRTYPE),
    ],
    ids=lambda info: f"{info.name} {info.type.decode()}",
)
def test_what_is_no_file_beneath_is_refused(hostile: tarfile.TarInfo, tmp_path: Path) -> None:
    folder = tmp_path / "copia"
    folder.mkdir()
    with pytest.raises(tarfile.TarError, match="not a file beneath"):
        unpack_base(tar_of((hostile, b"")), folder)
    assert [path for path in tmp_path.rglob("*") if path != folder] == []
