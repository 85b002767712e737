"""One caller's campaign: what Schemathesis found while it called everything in the document."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from prsystem.demo_accounts import PASSWORD
from prsystem.runner.endpoints import free_port
from prsystem.runner.leftovers import stop_all
from prsystem.runner.program import PROJECT
from tests.test_runner_lifecycle import SECONDS, Run

PEOPLE = ("ana", "luis", "eva")
DOCUMENT = PROJECT / "docs" / "openapi.yaml"
KEY = "clave"
SCOPES = ("incidencias:write", "incidencias:read", "conocimiento:read", "health:read")
AREAS = ("MANT", "TI")
EXAMPLES = 40  # most of each operation in a round; rounds follow one another until the time is over
# Left out: what judges whether made-up values should have been taken, and rights that differ by person on purpose.
NOT_CHECKED = "positive_data_acceptance,negative_data_rejection,unsupported_method,object_level_authorization"
SIGNS_OUT = "/api/auth/logout"  # would end the caller's own session
# Also takes a session or a token. Schemathesis breaks those, leaves the good key in place and calls the answer a hole.
TAKES_MORE_THAN_KEYS = "/api/health/detailed"


@dataclass(frozen=True)
class Finding:
    """What one caller's calls brought; `failures` are the checks that failed, one line each."""

    caller: str
    calls: int
    failures: tuple[str, ...]


@contextmanager
def instance(folder: Path) -> Iterator[Run]:
    """A PR-System of its own with the people of the demonstration."""
    run = Run(folder, free_port(), SECRET_KEY="")
    try:
        yield run.wait_started()
    finally:
        run.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            run.process.wait(SECONDS)
        stop_all(run.layout)


def campaign(run: Run, caller: str, seconds: int) -> Finding:
    header = _key_header(run) if caller == KEY else _person_header(run, caller)
    report = run.layout.data / f"fuzz-{caller}.json"
    left_out = ("--exclude-path", TAKES_MORE_THAN_KEYS) if caller == KEY else ()
    subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(DOCUMENT), "--url", f"http://127.0.0.1:{run.port}"),
            *("--header", header, "--max-time", str(seconds), "--max-examples", str(EXAMPLES), "--continue-on-failure"),
            *("--checks", "all", "--exclude-checks", NOT_CHECKED, "--exclude-path", SIGNS_OUT, "--no-shrink"),
            *left_out,
            # One thread: in two, `ast.parse` of CPython 3.11, which the generator calls, at times ends in SystemError.
            *("--workers", "1", "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off"),
            *("--report", "json", "--report-json-path", str(report)),
        ],
        cwd=run.layout.data,
        stdout=(run.layout.data / f"fuzz-{caller}.out").open("w"),
        check=False,
    )
    return _finding(caller, json.loads(report.read_text()))


def _finding(caller: str, report: dict[str, dict[str, int]]) -> Finding:
    found = [*report["failures"], *report["errors"]]
    lines = tuple(json.dumps(row, ensure_ascii=False)[:600] for row in found)
    return Finding(caller, report["test_cases"]["generated"], lines)


def _person_header(run: Run, person: str) -> str:
    who = {"username": person, "password": PASSWORD}
    answer = httpx.post(f"http://127.0.0.1:{run.port}/api/auth/login", json=who, timeout=30).raise_for_status()
    return f"Authorization: Bearer {answer.json()['access']}"


def _key_header(run: Run) -> str:
    command = ["manage.py", "apikey", "create", "--nombre", "fuzz", "--por-minuto", "100000", "--json"]
    environment = {**os.environ, "PRS_DATA_DIR": str(run.layout.data), "PORT": str(run.port)}
    arguments = [sys.executable, *command, "--scope", *SCOPES, "--area", *AREAS]
    told = subprocess.run(arguments, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    return f"X-API-Key: {json.loads(told.stdout)['clave']}"
