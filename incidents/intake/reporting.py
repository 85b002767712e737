"""Reports come in: one transaction of rows, answered at once; everything slow is a job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import build_entry
from incidents.case.choices import Grade, Level, Priority, State
from incidents.case.events import event_payload
from incidents.case.models import Incident
from incidents.case.numbers import incident_number
from incidents.case.priorities import grades_of, priority_from
from incidents.emergencies.services import emergency_announce, emergency_take
from incidents.sla.targets import targets_apply
from incidents.suggestions.models import Suggestion
from incidents.triage.routing import automatic_told, incident_route
from knowledge.retrieval.language import detect_language
from prsystem.accounts.models import Area, User
from prsystem.accounts.selectors import area_by_code
from prsystem.core.context import Actor
from prsystem.core.database.bulk import insert_together
from prsystem.core.errors import Conflict, InvalidInput, NotAllowed
from prsystem.core.jobs import queue
from prsystem.core.jobs.outbox import build_event
from prsystem.core.models import Job, OutboxEvent
from prsystem.core.text.cleaning import has_forbidden_controls
from prsystem.core.text.fields import checked_line, checked_text
from prsystem.runtime.selectors import get_setting

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 20_000
SOURCE_LENGTH = 40
REFERENCE_LENGTH = 120


@dataclass(frozen=True)
class Report:
    """What somebody or some system says is wrong, as it came in. `area` is a code; None means not given."""

    title: str
    description: str
    area: str
    impact: int | None = None
    urgency: int | None = None
    priority: str | None = None
    source: str = "web"
    external_reference: str = ""
    quiet_until: datetime | None = None  # inside a maintenance window: nobody is told before


def incident_report(*, actor: Actor, report: Report, reporter: User | None = None) -> Incident:
    """Take in a report: incident, audit entry, outbox row, pending suggestion and its job in one transaction.

    Raises InvalidInput naming each bad field, NotAllowed for an area the actor doesn't belong to, Conflict when
    (source, external reference) is known already.
    """
    incident = _incident_from(actor, report, reporter)
    try:
        with transaction.atomic():
            incident_route(incident)
            is_emergency = emergency_take(incident)
            incident.save(force_insert=True)
            job = _assist_job(incident)
            insert_together(
                [
                    build_entry(actor, "incident.reported", incident.resource, _origin_of(incident)),
                    _announcement(incident),
                    *([Suggestion(incident=incident)] if _gets_proposal(incident) else []),
                    job,
                ]
            )
            queue.ring_after_commit(job)
            if is_emergency:
                emergency_announce(incident)
    except IntegrityError as error:
        if "incident_external_reference" not in str(error):
            raise
        raise _known_reference(incident) from error
    return incident


def _gets_proposal(incident: Incident) -> bool:
    """Where people may be hurt nobody is told to repair."""
    return not incident.is_emergency and get_setting("suggestions.enabled")


def report_check(*, actor: Actor, report: Report) -> None:
    """Raise what `incident_report` raises for these values; nothing is written."""
    _incident_from(actor, report, None)


def _announcement(incident: Incident) -> OutboxEvent | Job:
    """The event for other systems; within a maintenance window the job that sends it when the window ends."""
    if incident.quiet_until is None:
        return build_event("incidencia.creada", incident.resource, event_payload(incident))
    seconds = (incident.quiet_until - incident.created_at).total_seconds()
    return queue.build_job("incident.announce", payload={"incident_id": incident.pk}, delay_seconds=seconds)


def _origin_of(incident: Incident) -> dict[str, object]:
    """For the trail: where it came from, and what a rule made of it."""
    ruled = {name: value for name, value in automatic_told(incident).items() if value.get("metodo") == "regla"}
    return {"origen": incident.source, **({"automatico": ruled} if ruled else {})}


def _assist_job(incident: Incident) -> Job:
    """One job for what the system does with a new report: triage, then a suggestion. Areas take turns, and beside the
    people of an area each system that reports there."""
    urgency = "urgent" if incident.priority == Priority.P1 else "normal"
    flow = f"{incident.area_id}:{'' if incident.reporter_id else incident.reporter_label}"
    return queue.build_job("incident.assist", payload={"incident_id": incident.pk}, queue=urgency, flow=flow)


def _incident_from(actor: Actor, report: Report, reporter: User | None) -> Incident:
    errors: dict[str, list[object]] = {}
    title = _collected(errors, checked_line, "titulo", report.title, TITLE_LENGTH)
    description = _collected(errors, checked_text, "descripcion", report.description, DESCRIPTION_LENGTH)
    source = _collected(errors, checked_line, "origen", report.source, SOURCE_LENGTH)
    optional = partial(checked_line, required=False)
    reference = _collected(errors, optional, "referencia_externa", report.external_reference, REFERENCE_LENGTH)
    area = _known_area(report.area, errors)
    impact, urgency, priority = _grades(report, errors)
    if errors or area is None:
        raise InvalidInput(errors=errors)
    if area.pk not in actor.rights.belongs:
        raise NotAllowed(_("Reports go to areas that one belongs to."))
    now = timezone.now()
    incident = Incident(
        title=title,
        description=description,
        area=area,
        impact=impact,
        urgency=urgency,
        priority=priority,
        lang=detect_language(f"{title} {description}") or "es",
        source=source,
        external_reference=reference,
        quiet_until=report.quiet_until,
        reporter=reporter,
        reporter_label=str(reporter or actor.label),
        created_at=now,
        updated_at=now,
        level_since=now,
        state=State.NEW,
        level=Level.L1,
        automatic={} if report.priority or report.impact or report.urgency else {"prioridad": {"estado": "pendiente"}},
    )
    targets_apply(incident)
    return incident


def _collected(
    errors: dict[str, list[object]], check: Callable[[str, str, int], str], name: str, raw: str, limit: int
) -> str:
    """The checked value; a failure is added to `errors`, so that one answer names every bad field."""
    try:
        return check(name, raw, limit)
    except InvalidInput as error:
        errors.update(error.errors)
        return ""


def _known_area(code: str, errors: dict[str, list[object]]) -> Area | None:
    area = None if has_forbidden_controls(code) else area_by_code(code)
    if area is None:
        errors["area"] = [_("Unknown area.") if code.strip() else _("This field is required.")]
    return area


def _grades(report: Report, errors: dict[str, list[object]]) -> tuple[int, int, str]:
    """Impact, urgency and priority; what isn't given follows from the rest or is medium."""
    if report.priority:
        if report.priority not in Priority.values:
            errors["prioridad"] = [_("One of P1, P2, P3, P4.")]
            return Grade.MEDIUM, Grade.MEDIUM, Priority.P3
        return *grades_of(report.priority), report.priority
    impact = Grade.MEDIUM if report.impact is None else report.impact
    urgency = Grade.MEDIUM if report.urgency is None else report.urgency
    for name, value in (("impacto", impact), ("urgencia", urgency)):
        if value not in Grade.values:
            errors[name] = [_("One of 1 (high), 2 (medium), 3 (low).")]
    if "impacto" in errors or "urgencia" in errors:
        return Grade.MEDIUM, Grade.MEDIUM, Priority.P3
    return impact, urgency, priority_from(impact, urgency)


def _known_reference(incident: Incident) -> Conflict:
    known = Incident.objects.filter(source=incident.source, external_reference=incident.external_reference)
    number = incident_number(known.values_list("pk", flat=True).get())
    return Conflict(_("This reference was reported already: %(number)s.") % {"number": number})
