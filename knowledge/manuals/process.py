"""Starts the reader of manuals as a process and takes its parts."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

from django.conf import settings

from .parts import Part
from .reading import TOO_HEAVY, UNREADABLE

WALL_SECONDS = 240.0


@dataclass(frozen=True)
class Reading:
    """`fault` is empty when there are parts. `pages` is 0 for what has none."""

    parts: list[Part] = field(default_factory=list)
    pages: int = 0
    fault: str = ""


def manual_read(path: str, kind: str, *, seconds: float = WALL_SECONDS) -> Reading:
    """Never raises for what is in the file. Killed by a limit: too heavy; ended otherwise: unreadable."""
    command = [sys.executable, "-m", "knowledge.manuals.reading", path, kind]
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603 -- our own module; the path is ours and the kind one of four
                command,
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Reading(fault=TOO_HEAVY)
        if done.returncode:
            return Reading(fault=TOO_HEAVY if done.returncode < 0 else UNREADABLE)
        output.seek(0)
        said = json.load(output)
    if said.get("fault"):
        return Reading(fault=said["fault"])
    return Reading([Part(**part) for part in said["parts"]], said["pages"])
