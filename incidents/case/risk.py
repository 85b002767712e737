"""How near its targets a case is: in Python for one, as an expression for many."""

from datetime import datetime

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce, Now

from .models import Incident


def incident_risk(incident: Incident, now: datetime) -> str:
    """The worse of the two targets: `ok`, `en_riesgo` or `vencido`; a finished incident is `ok` or `vencido`."""
    if not incident.is_open:
        end = incident.resolved_at or incident.closed_at or now
        return "vencido" if incident.resolution_due_at and end > incident.resolution_due_at else "ok"
    moment = incident.waiting_since or now
    states = [risk(moment, incident.resolution_warn_at, incident.resolution_due_at)]
    if incident.responded_at is None:
        states.append(risk(moment, incident.response_warn_at, incident.response_due_at))
    return max(states, key=["ok", "en_riesgo", "vencido"].index)


def target_state(now: datetime | None = None) -> Case:
    """`incident_risk` of open incidents as an expression; the clock of those that wait stands still."""
    at = Coalesce(F("waiting_since"), now or Now())
    no_answer = Q(responded_at=None)
    breached = Q(resolution_due_at__lte=at) | no_answer & Q(response_due_at__lte=at)
    warned = Q(resolution_warn_at__lte=at) | no_answer & Q(response_warn_at__lte=at)
    return Case(
        When(breached, then=Value("vencido")),
        When(warned, then=Value("en_riesgo")),
        default=Value("ok"),
        output_field=CharField(),
    )


def risk(now: datetime, warn_at: datetime | None, due_at: datetime | None) -> str:
    """`ok`, `en_riesgo` or `vencido`."""
    if due_at is not None and now >= due_at:
        return "vencido"
    if warn_at is not None and now >= warn_at:
        return "en_riesgo"
    return "ok"
