"""`manifest.json`: what a copy holds and how to prove it. Never a secret; read as untrusted input."""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from integrations.backups.archive.walget import digest_of
from integrations.backups.copy.snapshot import Content, TableContent

from .encryption import SUFFIX, Part
from .errors import BackupError

NAME = "manifest.json"
FORMAT = 2
READABLE = (1, FORMAT)  # the first had no checksum of its own
MAX_BYTES = 64 * 1024 * 1024
DUMP, BASE, FILES, CONFIG = "database.dump", "base.tar.gz", "files.tar", "config.json"
COPY_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[a-z]{3,12}(-[0-9]{1,3})?")
_PART_NAME = re.compile(r"[a-z][a-z0-9.-]{1,60}")


@dataclass(frozen=True)
class Manifest:
    """`taken_at` is the moment of the snapshot by the database's clock, `system` the cluster that it comes from,
    `base_wal` the first WAL segment that the physical copy needs, `base_until` the moment (ISO 8601) at which it was
    complete and from which it can be rolled forward, `key_mark` tells whether a SECRET_KEY is the one
    of the copy."""

    copy_id: str
    tier: str
    taken_at: datetime
    postgres_version: int
    system: str
    content: Content
    parts: list[Part]
    source_database: str = ""
    source_user: str = ""
    files: int = 0
    files_missing: list[str] = field(default_factory=list)
    base_wal: str = ""
    base_until: str = ""
    key_mark: str = ""
    format: int = FORMAT

    def part(self, name: str) -> Part | None:
        """The stored part of that plain name, encrypted or not."""
        return next((part for part in self.parts if part.name.removesuffix(SUFFIX) == name), None)

    @property
    def is_encrypted(self) -> bool:
        return all(part.name.endswith(SUFFIX) for part in self.parts)

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.content.tables.values())

    @property
    def rolls_from(self) -> datetime:
        return datetime.fromisoformat(self.base_until) if self.base_until else self.taken_at

    def text(self) -> str:
        fields = {**asdict(self), "taken_at": self.taken_at.isoformat()}
        return json.dumps({**fields, "digest": digest_of(fields)}, indent=1, ensure_ascii=False)


def read_manifest(path: Path) -> Manifest:
    """BackupError when it isn't there, isn't one, or was made by a later version of the format."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BackupError("bad_manifest", f"{path.name} is too large")
        return _parsed(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BackupError("no_manifest", f"there is no {NAME} in {path.parent}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError("bad_manifest", f"{path} is not a manifest of a copy") from error


def _parsed(raw: dict[str, Any]) -> Manifest:
    if raw["format"] not in READABLE:
        raise BackupError("bad_manifest", f"format {raw['format']} of the copy is not known here")
    stated = raw.pop("digest", "")
    if raw["format"] > 1 and stated != digest_of(raw):
        raise BackupError("bad_manifest", f"{NAME} is not what was written: its checksum differs")
    content = raw["content"]
    parts = [Part(**part) for part in raw["parts"]]
    if not COPY_ID.fullmatch(raw["copy_id"]) or not all(_PART_NAME.fullmatch(part.name) for part in parts):
        raise ValueError("names")
    tables = {name: TableContent(**table) for name, table in content["tables"].items()}
    return Manifest(
        **{
            **raw,
            "taken_at": datetime.fromisoformat(raw["taken_at"]),
            "content": Content(**{**content, "tables": tables}),
            "parts": parts,
        }
    )
