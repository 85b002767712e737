"""`make fuzz`: the whole API as several callers, two at a time, for so many seconds each; fails when anything was
found."""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .campaign import KEY, PEOPLE, campaign, instance


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--seconds", type=int, default=60, help="for each caller (60)")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, instance(Path(folder)) as run, ThreadPoolExecutor(2) as pool:
        findings = list(pool.map(lambda caller: campaign(run, caller, seconds), (*PEOPLE, KEY)))
    for finding in findings:
        print(f"{finding.caller}: {finding.calls} calls, {len(finding.failures)} failures")
        print(*finding.failures, sep="\n", end="\n" if finding.failures else "")
    print(f"{sum(finding.calls for finding in findings)} calls in all")
    return int(any(finding.failures for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
