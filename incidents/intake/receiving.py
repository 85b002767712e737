"""Reports of other systems: what they send again is known by their reference or by its fingerprint."""

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from incidents.case.models import Incident
from incidents.case.selectors import survivor_of
from prsystem.accounts.selectors import area_by_code
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput
from prsystem.core.text.cleaning import has_forbidden_controls
from prsystem.core.text.fields import checked_line

from .models import Storm, StormReference
from .reporting import REFERENCE_LENGTH, SOURCE_LENGTH, Report, incident_report, report_check
from .selectors import incident_referred, maintenance_end

# Origins that this system itself writes; another one that used them would pass for a person.
OWN_SOURCES = {"web", "api", "importacion", "demo", "division", "correo"}
FINGERPRINT_LENGTH = 200
STORM_QUIET = timedelta(hours=24)  # an equal event after a longer silence is a new incident


class Reception(Enum):
    """What became of a report: a new incident, one more event of an open one, or known by its reference."""

    NEW = "nueva"
    REPEATED = "repetida"
    KNOWN = "conocida"


@dataclass(frozen=True)
class Received:
    incident: Incident
    reception: Reception


def incident_receive(*, actor: Actor, report: Report, fingerprint: str = "") -> Received:
    """Take in what a system reports. The same origin and reference is the same incident.

    Equal events (the given `fingerprint`; without one and without a reference, the same area and text) are counted
    into the incident that is open. Raises what `incident_report` raises, and Conflict when the reference is that of an
    area the actor isn't in.
    """
    source = checked_line("origen", report.source, SOURCE_LENGTH)
    reference = checked_line("referencia_externa", report.external_reference, REFERENCE_LENGTH, required=False)
    fingerprint = checked_line("huella", fingerprint, FINGERPRINT_LENGTH, required=False)
    if source.casefold() in OWN_SOURCES:
        raise InvalidInput.field("origen", _("That origin is reserved."))
    report = replace(report, quiet_until=_quiet_until(report.area, source))
    if known := _known(actor, source, reference):
        return Received(known, Reception.KNOWN)
    try:
        if fingerprint or not reference:
            return _count(actor, report, source, reference, _digest(source, report, fingerprint))
        return Received(incident_report(actor=actor, report=report), Reception.NEW)
    except Conflict:  # somebody was faster
        if known := _known(actor, source, reference):
            return Received(known, Reception.KNOWN)
        raise


def _quiet_until(area_code: str, source: str) -> datetime | None:
    area = None if has_forbidden_controls(area_code) else area_by_code(area_code)
    return maintenance_end(area.pk, source) if area else None


def _known(actor: Actor, source: str, reference: str) -> Incident | None:
    found = incident_referred(source, reference) if reference else None
    if found is not None and found.area_id not in actor.rights.belongs:
        raise Conflict(_("This reference is used in another area."))
    return found


def _digest(source: str, report: Report, fingerprint: str) -> str:
    """What makes two events equal, as 64 hexadecimal digits."""
    parts = ["huella", fingerprint] if fingerprint else ["texto", _plain(report.title), _plain(report.description)]
    joined = "\x1f".join([source, report.area.strip(), *parts])
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@transaction.atomic
def _count(actor: Actor, report: Report, source: str, reference: str, digest: str) -> Received:
    """One more event of the storm that the digest names; its row is locked, so that equal events come one by one."""
    Storm.objects.bulk_create([Storm(fingerprint=digest, source=source)], ignore_conflicts=True)
    storm = Storm.objects.select_for_update().get(fingerprint=digest)
    if known := _known(actor, source, reference):  # by an equal event that came while this one waited
        return Received(known, Reception.KNOWN)
    now = timezone.now()
    if goes_on := _goes_on(storm, actor):
        report_check(actor=actor, report=report)
        reception, incident = Reception.REPEATED, goes_on
        _repeat(actor, storm, incident, reference)
    else:
        reception, incident = Reception.NEW, incident_report(actor=actor, report=report)
        storm.incident, storm.total, storm.first_at = incident, 0, now
    storm.total, storm.last_at = storm.total + 1, now
    storm.save(update_fields=["incident", "total", "first_at", "last_at"])
    return Received(incident, reception)


def _goes_on(storm: Storm, actor: Actor) -> Incident | None:
    """The open incident that stands for the event, unless it was moved out of the caller's areas or fell silent."""
    if storm.incident is None or storm.last_at is None or timezone.now() - storm.last_at > STORM_QUIET:
        return None
    incident = survivor_of(storm.incident)
    return incident if incident.is_open and incident.area_id in actor.rights.belongs else None


def _repeat(actor: Actor, storm: Storm, incident: Incident, reference: str) -> None:
    """Count it. The entry is the storm's own: five hundred of them would bury the story of the incident."""
    if reference:
        StormReference.objects.create(source=storm.source, reference=reference, incident=incident)
    Incident.objects.filter(pk=incident.pk).update(occurrences=F("occurrences") + 1)
    incident.refresh_from_db(fields=["occurrences"])
    details = {"incidencia": incident.number, "veces": storm.total + 1, "referencia_externa": reference}
    record(actor, "incident.repeated", f"evento_repetido:{storm.pk}", details)
