"""Who may see an incident, and so may be mentioned in it."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from prsystem.accounts.models import User
from prsystem.accounts.selectors import readers_of
from prsystem.core.rights import Rights, Role
from prsystem.core.text.cleaning import has_forbidden_controls

from .mentions import mentioned
from .models import Incident

MOST_OFFERED = 8


def readers_of_incident(incident: Incident, *, is_internal: bool = False) -> QuerySet[User]:
    """Active people who may read the incident; without the reporter for what is internal."""
    support = Q(pk__in=readers_of(incident.area_id).values("pk"))
    if incident.reporter_id and not is_internal:
        support |= Q(pk=incident.reporter_id, is_active=True)
    return User.objects.filter(support)


def people_offered(incident: Incident, words: str) -> list[User]:
    """Those whose user name or name holds what was typed, for completing a mention."""
    words = words.strip().lstrip("@")[:60]
    if has_forbidden_controls(words):
        return []
    found = readers_of_incident(incident)
    if words:
        found = found.filter(Q(username__istartswith=words) | Q(full_name__icontains=words))
    return list(found.order_by("username")[:MOST_OFFERED])


def people_mentioned(incident: Incident, text: str, *, is_internal: bool = False) -> list[User]:
    """Those mentioned who may see it."""
    names = mentioned(text)
    return list(readers_of_incident(incident, is_internal=is_internal).filter(username__in=names)) if names else []


def names_mentioned(incident: Incident, texts: Iterable[str]) -> dict[str, str]:
    """User name -> how they are called, of everybody mentioned who may see it. No query without mentions."""
    names = {name for text in texts for name in mentioned(text)}
    if not names:
        return {}
    return {user.username: str(user) for user in readers_of_incident(incident).filter(username__in=names)}


def asker_rights(incident: Incident) -> Rights:
    """By whose rights knowledge is read for the answer: the reporter's, or those of somebody in the area."""
    if incident.reporter is not None:
        return incident.reporter.rights if incident.reporter.is_active else Rights(None)
    return Rights.from_grants(None, [(Role.REPORTER, incident.area_id)])


def support_rights(incident: Incident) -> Rights:
    """What anybody who works on cases of the area may read."""
    return Rights.from_grants(None, [(Role.L1, incident.area_id)])
