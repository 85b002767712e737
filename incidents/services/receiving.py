"""Reports of other systems: what they send again is known by their own reference."""

from django.utils.translation import gettext_lazy as _

from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput
from prsystem.core.fields import checked_line

from ..models import Incident
from .intake import REFERENCE_LENGTH, SOURCE_LENGTH, Report, incident_report

# Origins that this system itself writes; another one that used them would pass for a person.
OWN_SOURCES = {"web", "api", "importacion", "demo"}


def incident_receive(*, actor: Actor, report: Report) -> tuple[Incident, bool]:
    """The incident of a report and whether it is new. The same origin and reference is the same incident.

    Raises what `incident_report` raises, and Conflict when the reference is that of an area the actor isn't in.
    """
    source = checked_line("origen", report.source, SOURCE_LENGTH)
    reference = checked_line("referencia_externa", report.external_reference, REFERENCE_LENGTH, required=False)
    if source.casefold() in OWN_SOURCES:
        raise InvalidInput.field("origen", _("That origin is reserved."))
    if known := _known(actor, source, reference):
        return known, False
    try:
        return incident_report(actor=actor, report=report), True
    except Conflict:  # somebody was faster
        if known := _known(actor, source, reference):
            return known, False
        raise


def _known(actor: Actor, source: str, reference: str) -> Incident | None:
    if not reference:
        return None
    found = Incident.objects.select_related("area").filter(source=source, external_reference=reference).first()
    if found is not None and found.area_id not in actor.rights.belongs:
        raise Conflict(_("This reference is used in another area."))
    return found
