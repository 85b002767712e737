"""What a recalled version of knowledge means for the incidents that it answered."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge.models import Notice, Version
from knowledge.services import notice_give
from prsystem.accounts.models import User
from prsystem.core.context import SYSTEM

from ..models import OPEN_STATES, Comment, Incident
from ..selectors import incidents_answered_by
from .conversation import comment_add

LANGUAGE = "es"


def version_recall_tell(version_id: int) -> None:
    """Job: say so inside every open incident that the version answered, and to whoever works or worked on one of them:
    a wrong repair may still stand in a closed one. Safe to run twice."""
    version = Version.objects.select_related("article").get(pk=version_id)
    concerned = incidents_answered_by(version).filter(merged_into=None)
    for incident in concerned.filter(state__in=OPEN_STATES).order_by("pk"):
        _comment(incident, version)
    for user in _owners(concerned):
        with transaction.atomic():
            notice_give(user_id=user.pk, kind=Notice.Kind.RECALLED, version=version, text=version.reason)


def _owners(incidents: QuerySet[Incident]) -> list[User]:
    """Whom they are or were assigned to, and who may still read them."""
    pairs = incidents.exclude(assignee=None).order_by("assignee_id").values_list("assignee_id", "area_id").distinct()
    areas: dict[int, set[int]] = {}
    for user_id, area_id in pairs:
        areas.setdefault(user_id, set()).add(area_id)
    people = User.objects.filter(pk__in=areas, is_active=True).order_by("pk")
    return [user for user in people if any(area in user.rights.reads_incidents for area in areas[user.pk])]


def _comment(incident: Incident, version: Version) -> None:
    with override(LANGUAGE):
        body = _(
            "Version %(version)s of «%(title)s», which the proposed solution cites, was recalled as wrong: %(reason)s"
        ) % {"version": version.number, "title": version.title, "reason": version.reason}
    with transaction.atomic():
        if Comment.objects.filter(incident=incident, is_internal=True, author=None, body=body).exists():
            return
        comment_add(actor=SYSTEM, incident_id=incident.pk, body=body, is_internal=True)
