"""Sealers killed with -9 at random points, two at a time, while others write: no fork, no gap, nothing twice."""

import os
import subprocess
import sys
import threading

import pytest
from django.db import connection

from audit.models import AuditEntry, SealBatch, SealedEntry
from audit.seals import verifying
from tests.audit.test_sealing import write_for
from tests.audit.trail import seal_all

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6


def killed_sealers(rounds: int) -> subprocess.CompletedProcess[str]:
    parameters = connection.get_connection_params()
    url = f"postgresql://{parameters['user']}@/{parameters['dbname']}?host={parameters['host']}"
    environment = {**os.environ, "DATABASE_URL": url, "PRS_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "tests.audit.sealer_forks", str(rounds), "7"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("rounds", [6, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_sealers_leave_no_fork_and_no_gap(rounds: int) -> None:
    """12 kills, and 100 in the long form."""
    committed, stopping = [0] * WRITERS, threading.Event()

    def write(seed: int) -> None:
        while not stopping.is_set():
            write_for(0.5, seed, committed)

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(WRITERS)]
    for thread in writers:
        thread.start()
    done = killed_sealers(rounds)
    stopping.set()
    for thread in writers:
        thread.join()
    assert (done.returncode, done.stdout.strip()) == (0, str(2 * rounds)), done.stderr
    by_the_killed = SealBatch.objects.count()
    seal_all()
    assert by_the_killed > rounds / 4
    numbers = list(SealBatch.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert AuditEntry.objects.count() == SealedEntry.objects.count() == sum(committed)
    assert verifying.trail_verify().fault is None
