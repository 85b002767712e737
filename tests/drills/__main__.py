"""`make drill`: start the topology if it isn't running, make every fault, print and keep the table.

python -m tests.drills [--corto] [--ritmo 60] [NAMES…]
"""

import argparse
import os
import sys
from datetime import date

from deploy.cluster.topology import Cluster
from prsystem.runner.program import PROJECT, RunnerError
from prsystem.runner.progress import say

from .faults import DRILLS, SHORT, SHORT_FORM, WHOLE, Seen
from .rig import Rig

REPORT = PROJECT / "docs" / "simulacros.md"
_HEAD = """# Simulacros de fallas

Hechos por `make drill` el {day} contra la topología de `make cluster` (todo en una máquina de {cores} núcleos,
compartida con otro trabajo), con carga mezclada de {rate:.0f} peticiones por segundo a través de nginx: 45 % listas,
25 % detalles, 10 % páginas, 20 % reportes. «/s» es el ritmo alcanzado. Fallida es toda respuesta 429, 5xx o ninguna.

| falla | se espera | se vio | |
|---|---|---|---|
"""


def main() -> int:
    options = _options()
    names = options.nombres or (SHORT_FORM if options.corto else tuple(DRILLS))
    cluster = Cluster()
    try:
        cluster.up()
    except RunnerError as error:
        sys.exit(f"pr-system: {error}")
    rig = Rig(cluster, options.ritmo)
    rows = [_drill(rig, name, short=options.corto) for name in names]
    if not options.nombres and not options.corto:
        head = _HEAD.format(day=date.today().isoformat(), cores=os.cpu_count(), rate=options.ritmo)
        REPORT.write_text(head + "".join(map(_row, rows)), encoding="utf-8")
    return 0 if all(row.held for row in rows) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make drill")
    parser.add_argument("--corto", action="store_true")
    parser.add_argument("--ritmo", type=float, default=60.0)
    parser.add_argument("nombres", nargs="*", choices=[*DRILLS, []])
    return parser.parse_args()


def _drill(rig: Rig, name: str, *, short: bool) -> Seen:
    rig.steady()
    seen = DRILLS[name](rig, SHORT if short else WHOLE)
    say(f"[{'bien' if seen.held else 'MAL'}] {seen.fault}\n    se espera: {seen.expected}\n    se vio: {seen.seen}")
    return seen


def _row(row: Seen) -> str:
    return f"| {row.fault} | {row.expected} | {row.seen} | {'sí' if row.held else '**no**'} |\n"


if __name__ == "__main__":
    sys.exit(main())
