"""Incidents that the system reports about itself."""

from prsystem.accounts.selectors import areas_active
from prsystem.core.context import SYSTEM
from prsystem.core.errors import Conflict

from .reporting import Report, incident_report

SYSTEM_AREA = "TI"
SOURCE = "sistema"


def failure_report(title: str, description: str, reference: str) -> None:
    """Open an incident in the area of those who run the system (TI, else the first one). The same failure is reported
    once."""
    codes = list(areas_active().values_list("code", flat=True))
    if not codes:
        return
    area = SYSTEM_AREA if SYSTEM_AREA in codes else codes[0]
    report = Report(
        title=title,
        description=description,
        area=area,
        priority="P2",
        source=SOURCE,
        external_reference=reference,
    )
    try:
        incident_report(actor=SYSTEM, report=report)
    except Conflict:
        return
