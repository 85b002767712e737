"""Questions to a restored copy that only the whole product can ask: is the audit trail sound, does knowledge answer?

They run in a process of their own whose database is the copy's, so that nothing of this process points elsewhere.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field

from django.utils.module_loading import import_string

from integrations.backups.errors import BackupError
from integrations.backups.pg import Server
from prsystem.runner.program import PROJECT

SECONDS = 1800
# Addresses of the database in use: a process that asks a copy must not know them.
NOT_OF_COPIES = {"DATABASE_REPLICA_URL", "DATABASE_OWNER_URL", "DATABASE_URL_FILE", "DATABASE_OWNER_URL_FILE"}
# Nor the index in use, which holds what the running system knows, or half of it while it is being filled. The copy is
# asked by its own words.
NO_INDEX = "http://127.0.0.1:9"
_questions: dict[str, str] = {}


def register_examination(name: str, path: str) -> None:
    """A dotted path of a function that returns the problems it found, one line each. From `AppConfig.ready()`."""
    _questions[name] = path


@dataclass(frozen=True)
class Examination:
    """What was asked, and what was wrong."""

    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def examine_here(only: str = "") -> Examination:
    """Ask this process's own database everything, or one thing."""
    asked = {name: path for name, path in _questions.items() if only in ("", name)}
    problems = [f"{name}: {line}" for name, path in asked.items() for line in import_string(path)()]
    return Examination(list(asked), problems)


def examine(server: Server, only: str = "") -> Examination:
    """Ask another database, by a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OF_COPIES}
    environment |= {"DATABASE_URL": server.as_url(), "CHROMA_URL": NO_INDEX, "PYTHONPATH": str(PROJECT)}
    command = (sys.executable, str(PROJECT / "manage.py"), "backup", "examine", "--json", f"--only={only}")
    try:
        done = subprocess.run(  # noqa: S603
            command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise BackupError("examine_late", f"the questions to the copy took longer than {SECONDS} s") from error
    try:
        return Examination(**json.loads(done.stdout))
    except (ValueError, TypeError) as error:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1][:300]
        raise BackupError("examine_failed", f"the copy could not be asked: {last}") from error


def audit_trail_check() -> list[str]:
    """Is the audit trail what was sealed? What a copy holds unsealed is sealed first, as after a restore."""
    from audit.seals.sealing import batch_seal  # every process registers this module, few run it
    from audit.seals.verifying import trail_verify

    while batch_seal():
        continue
    fault = trail_verify([]).fault
    return [f"{fault.kind} batch {fault.batch} entry {fault.entry}"] if fault else []
