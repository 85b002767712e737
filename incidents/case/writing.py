"""What every change of a case goes through: its row held, the right and the edit counter checked, and saved."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prsystem.core.context import Actor
from prsystem.core.errors import Missing, NotAllowed, StaleVersion

from .models import Incident
from .states import refusal_of, works_on

REASON_LENGTH = 200

TEXT_LENGTH = 20_000


@contextmanager
def incident_locked(incident_id: int, version: int | None = None) -> Iterator[Incident]:
    """A transaction that holds the incident's row; StaleVersion when `version` isn't its edit counter any more."""
    with transaction.atomic():
        incident = incidents_locked({incident_id})[incident_id]
        require_version(incident, version)
        yield incident


def incidents_locked(incident_ids: Iterable[int]) -> dict[int, Incident]:
    """Incidents by id with their rows held, in the order of their keys so that nobody waits in a circle. Missing when
    one isn't there. In the caller's transaction."""
    wanted = set(incident_ids)
    found = incidents_locked_of(wanted)
    if len(found) < len(wanted):
        raise Missing()
    return found


def incidents_locked_of(incident_ids: Iterable[int]) -> dict[int, Incident]:
    """As `incidents_locked`, those that are there.

    A row that somebody else changed while this one waited comes back as it is now, beside area and assignee as they
    were joined to it then, or (its area is another one) not at all: those are read again once the rows are held.
    """
    wanted = set(incident_ids)
    rows = Incident.objects.select_for_update(of=["self"]).filter(pk__in=wanted).order_by("pk")
    found = {incident.pk: _joined_now(incident) for incident in rows.select_related("area", "assignee")}
    if left := wanted - set(found):
        found |= {incident.pk: incident for incident in rows.filter(pk__in=left)}
    return found


def _joined_now(incident: Incident) -> Incident:
    """Without an assignee that isn't the row's: it is read when it is asked for."""
    joined = incident.assignee
    if (joined.pk if joined else None) != incident.assignee_id:
        Incident.assignee.field.delete_cached_value(incident)
    return incident


Differences = dict[str, dict[str, Any]]


def require_version(
    incident: Incident, version: int | None, differences: Callable[[], Differences] | None = None
) -> None:
    """StaleVersion when somebody else has changed it since the caller looked."""
    if version is not None and version != incident.version:
        raise StaleVersion(
            _("Somebody changed it in the meantime: it is now %(state)s, edit %(version)d, you saw %(seen)d.")
            % {"state": incident.get_state_display(), "version": incident.version, "seen": version},
            differences=differences() if differences else None,
        )


def require_support(actor: Actor, incident: Incident) -> None:
    if not works_on(actor, incident):
        raise NotAllowed(_("Only support of the area may do this."))


def require_move(name: str, incident: Incident, actor: Actor) -> None:
    """The guard of every move: what isn't permitted isn't offered either."""
    if refusal := refusal_of(name, incident, actor):
        raise refusal


def incident_touch(incident: Incident, now: datetime) -> None:
    incident.version += 1
    incident.updated_at = now


def incident_save(incident: Incident, now: datetime | None = None) -> None:
    incident_touch(incident, now or timezone.now())
    incident.save()


def mark_response(incident: Incident, now: datetime) -> None:
    incident.first_response_at = incident.first_response_at or now
    incident.responded_at = incident.responded_at or now
