"""The checklist of an installation as a program: small checks, each with a deadline, that say what to do.

Apps register their checks in `AppConfig.ready()` as dotted paths. No check shows a secret.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connections
from django.utils.module_loading import import_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

log = structlog.get_logger(__name__)
PHASES = ("pre", "deploy", "post", "validate")
PASS, WARN, FAIL, OFF = "pass", "warn", "fail", "off"
ORDER = (OFF, PASS, WARN, FAIL)
SECONDS = 20.0
SIDE_BY_SIDE = 8


@dataclass(frozen=True)
class Finding:
    """`detail` is what was seen, `advice` what to do about it."""

    state: str
    detail: Any = ""
    advice: Any = ""


@dataclass(frozen=True)
class Check:
    """`run` is a dotted path of a function that returns one Finding."""

    name: str
    phase: str
    title: Any
    run: str


@dataclass(frozen=True)
class Result:
    """A check and what it found."""

    check: Check
    finding: Finding


_checks: dict[str, Check] = {}


def register(name: str, phase: str, title: Any, run: str) -> None:
    if phase not in PHASES:
        raise KeyError(phase)
    _checks[name] = Check(name, phase, title, run)


def good(detail: Any = "") -> Finding:
    return Finding(PASS, detail)


def results(phases: Iterable[str] = PHASES, *, advance: Callable[[int], object] = lambda count: None) -> list[Result]:
    """Run the checks of the phases side by side; in the order of the phases."""
    wanted = [check for phase in phases for check in _checks.values() if check.phase == phase]
    pool = ThreadPoolExecutor(max_workers=SIDE_BY_SIDE, thread_name_prefix="preflight")
    language = get_language() or "es"
    running = [(check, pool.submit(_run, check, language)) for check in wanted]
    found = []
    for check, future in running:
        found.append(Result(check, _found(check, future)))
        advance(1)
    pool.shutdown(wait=False, cancel_futures=True)
    return found


def worst(found: Iterable[Result]) -> str:
    return max((result.finding.state for result in found), key=ORDER.index, default=PASS)


def _run(check: Check, language: str) -> Finding:
    try:
        with override(language):
            finding: Finding = import_string(check.run)()
            return Finding(finding.state, str(finding.detail), str(finding.advice))
    finally:
        connections.close_all()


def _found(check: Check, future: Future[Finding]) -> Finding:
    try:
        error = future.exception(timeout=SECONDS)
    except Late:
        return Finding(FAIL, _("No answer within %(seconds)d s.") % {"seconds": SECONDS}, _("Is it up and reachable?"))
    if error is not None:
        log.warning("preflight.check_failed", check=check.name, reason=type(error).__name__)
        detail = _("The check could not be made: %(kind)s.") % {"kind": type(error).__name__}
        return Finding(FAIL, detail, _("See the log of this command."))
    return future.result()
