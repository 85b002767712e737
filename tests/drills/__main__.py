"""`make drill`: start the topology if it isn't running, make every fault, print and keep what was seen.

python -m tests.drills [--corto] [--ritmo 60] [--alertas] [NAMES…]
"""

import argparse
import subprocess
import sys
import time
import traceback

import httpx
import psycopg

from deploy.cluster.topology import Cluster
from prsystem.runner.program import RunnerError
from prsystem.runner.progress import say

from . import alerts, record
from .faults import DRILLS, SHORT, SHORT_FORM, WHOLE
from .record import Seen
from .rig import Rig
from .single import SINGLE

FLOOR_SECONDS = 20


def main() -> int:
    options = _options()
    if options.nombres and set(options.nombres) <= set(SINGLE):
        rows = [_alone(name) for name in options.nombres]
        return 0 if all(row is not None and row.held for row in rows) else 1
    names = options.nombres or (SHORT_FORM if options.corto else tuple(DRILLS))
    cluster = Cluster()
    try:
        cluster.up()
    except RunnerError as error:
        sys.exit(f"pr-system: {error}")
    rig = Rig(cluster, options.ritmo)
    if options.alertas:
        return 0 if alerts.run(rig, options.nombres) else 1
    floor = _floor(rig)
    rows = [_drill(rig, name, floor, short=options.corto) for name in names]
    return 0 if all(row is not None and row.held for row in rows) else 1


def _floor(rig: Rig) -> str:
    """The same load without a fault."""
    rig.steady()
    with rig.load() as account:
        time.sleep(FLOOR_SECONDS)
    told = f"{rig.rate:.0f}/s pedidas: {account.describe()}"
    say(f"sin falla, {told}")
    return told


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make drill")
    parser.add_argument("--corto", action="store_true")
    parser.add_argument("--ritmo", type=float, default=60.0)
    parser.add_argument("--alertas", action="store_true", help="provoke the alerts instead (names: theirs)")
    parser.add_argument("nombres", nargs="*")
    options = parser.parse_args()
    known = set(alerts.NAMES) if options.alertas else {*DRILLS, *SINGLE}
    unknown = set(options.nombres) - known
    alone = set(options.nombres) & set(SINGLE)
    if alone and alone != set(options.nombres):
        parser.error(f"sin la topología, aparte: {', '.join(sorted(alone))}")
    if unknown:
        parser.error(f"no existe: {', '.join(sorted(unknown))}")
    return options


def _alone(name: str) -> Seen | None:
    """A drill of an instance of its own: its load is in what it tells."""
    try:
        seen = SINGLE[name]()
    except (RuntimeError, OSError, subprocess.SubprocessError, psycopg.Error):
        say(f"[MAL] {name}: no se pudo hacer\n{traceback.format_exc(limit=-4)}")
        return None
    record.keep_drill(name, seen, "una instancia de `make run`, sin carga al lado")
    _tell(seen)
    return seen


def _tell(seen: Seen) -> None:
    say(f"[{'bien' if seen.held else 'MAL'}] {seen.fault}\n    se espera: {seen.expected}\n    se vio: {seen.seen}")


def _drill(rig: Rig, name: str, floor: str, *, short: bool) -> Seen | None:
    """None when it couldn't be carried out: told, and the next one is tried."""
    rig.steady()
    try:
        seen = DRILLS[name](rig, SHORT if short else WHOLE)
    except (RuntimeError, OSError, subprocess.SubprocessError, httpx.HTTPError, psycopg.Error):
        say(f"[MAL] {name}: no se pudo hacer\n{traceback.format_exc(limit=-4)}")
        return None
    if not short:
        record.keep_drill(name, seen, floor)
    _tell(seen)
    return seen


if __name__ == "__main__":
    sys.exit(main())
