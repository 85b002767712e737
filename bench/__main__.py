"""`make bench`: measure an embedded instance in a temporary folder and print every figure beside its floor."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from prsystem.runner.catalogues import compile_catalogues
from prsystem.runner.layout import Layout
from prsystem.runner.servers.data_servers import prepare_folders

from .document import write_document
from .figures import Figure, table
from .servers import Bench, clean_environment
from .start import run as run_start

NAMES = (
    *("start", "report", "outage", "seal", "suggestion", "turns", "wiped"),
    *("index", "search", "list", "detail", "sweep", "webhooks"),
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help=f"some of: {', '.join(NAMES)}; all when none is named"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--report", action="store_true", help="write docs/rendimiento.md")
    parser.add_argument("--data", type=Path, metavar="DIR", help="use and keep this data folder")
    given = parser.parse_args()
    if unknown := set(given.suites) - set(NAMES):
        parser.error(f"unknown suite: {', '.join(sorted(unknown))}")
    return given


def _measured(names: list[str], layout: Layout) -> list[Figure]:
    figures: list[Figure] = []
    if "start" in names:
        figures += _shown(run_start(layout))
    others = [name for name in names if name != "start"]
    if not others:
        return figures
    with Bench(layout) as bench:
        from .suites import SUITES

        for name in others:
            figures += _shown(SUITES[name](bench))
    return figures


def _shown(figures: list[Figure]) -> list[Figure]:
    print(f"\n{figures[0].suite}\n{table(figures)}", flush=True)
    return figures


def main() -> int:
    given = _arguments()
    names = [name for name in NAMES if not given.suites or name in given.suites]
    folder = given.data.resolve() if given.data else Path(tempfile.mkdtemp(prefix="prs-bench-"))
    layout, began = Layout(folder), time.monotonic()
    clean_environment(layout)
    prepare_folders(layout)
    compile_catalogues()
    try:
        figures = _measured(names, layout)
    finally:
        if not given.data:
            shutil.rmtree(folder, ignore_errors=True)
    seconds = time.monotonic() - began
    print(f"\n{seconds:.0f} s en total")
    if given.json:
        given.json.write_text(json.dumps([f.as_data() for f in figures], ensure_ascii=False, indent=1), "utf-8")
    if given.report:
        write_document(figures, seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
