"""Compile translation catalogues without gettext's tools, which a user's machine may lack."""

from pathlib import Path

import polib

from .program import PROJECT


def stale_catalogues(folder: Path) -> list[Path]:
    """The .po files whose .mo is missing or older."""
    found = sorted(folder.glob("*/LC_MESSAGES/*.po"))
    return [path for path in found if not _is_fresh(path.with_suffix(".mo"), path)]


def _is_fresh(compiled: Path, source: Path) -> bool:
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


def compile_catalogues(folder: Path = PROJECT / "prsystem" / "locale") -> int:
    """Write the .mo beside every changed .po; how many were written. Fuzzy entries are left out."""
    stale = stale_catalogues(folder)
    for path in stale:
        scratch = path.with_suffix(".mo.new")
        polib.pofile(str(path)).save_as_mofile(str(scratch))
        scratch.replace(path.with_suffix(".mo"))
    return len(stale)


if __name__ == "__main__":
    compile_catalogues()
