"""Lines of templates, style sheets and scripts of ours that are too wide: `python -m tests.architecture.wide_lines`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WIDEST = 120
APPS = ("prsystem", "audit", "integrations", "knowledge", "incidents")


def templates(app: str) -> list[Path]:
    return sorted(path for path in (ROOT / app).rglob("templates/**/*.*") if path.suffix in {".html", ".txt"})


def own_static() -> list[Path]:
    return [path for path in sorted((ROOT / "prsystem/static/prs").iterdir()) if path.suffix in {".css", ".js"}]


def too_wide(paths: list[Path], root: Path = ROOT) -> list[str]:
    """One `file:line: width` for each line over the limit."""
    return [
        f"{path.relative_to(root)}:{number}: {len(line)}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > WIDEST
    ]


def found() -> list[str]:
    return too_wide([path for app in APPS for path in templates(app)] + own_static())


if __name__ == "__main__":
    lines = found()
    sys.stdout.writelines(f"{line} of {WIDEST} characters\n" for line in lines)
    sys.exit(1 if lines else 0)
