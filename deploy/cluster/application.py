"""Backends, worker, beat, sender and sealer: the application as in production, three backends behind nginx."""

import sys
from dataclasses import replace
from pathlib import Path

from prsystem.runner import programs
from prsystem.runner.program import Program

from .site import BACKENDS, Site

VERSION = "version"


def use_version(site: Site, tree: Path) -> None:
    """What a backend loads when it starts the next time: the product in this folder."""
    link = site.data / VERSION
    link.unlink(missing_ok=True)
    link.symlink_to(tree)


def backend_programs(site: Site) -> tuple[Program, ...]:
    return tuple(_backend(site, name) for name in BACKENDS)


def _backend(site: Site, name: str) -> Program:
    # One process each: the three share few cores here.
    sizes = {"PORT": str(site.ports[name]), "PRS_WEB_PROCESSES": "1", "PRS_WEB_THREADS": "4"}
    sizes["PYTHONPATH"] = str(site.data / VERSION)
    command = (sys.executable, "-m", "prsystem.web")
    return Program(name, command, site.environment() | sizes, stop_seconds=30)


def background_programs(site: Site) -> tuple[Program, ...]:
    given = site.background_environment()
    parts = (programs.worker_program(), programs.beat_program(site.layout), programs.sender_program())
    sealer = replace(programs.sealer_program(), environment=site.owner_environment())
    return (*(replace(part, environment=given) for part in parts), sealer)
