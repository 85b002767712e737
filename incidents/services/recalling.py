"""What a recalled version of knowledge means for the incidents that it answered."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge.models import Notice, Version
from knowledge.services import notice_give
from prsystem.core.context import SYSTEM

from ..models import OPEN_STATES, Comment, Incident
from ..selectors import incidents_answered_by
from .conversation import comment_add

LANGUAGE = "es"


def version_recall_tell(version_id: int) -> None:
    """Job: say so inside every open incident that the version answered, and to who works on it. Safe to run twice."""
    version = Version.objects.select_related("article").get(pk=version_id)
    concerned = incidents_answered_by(version).filter(state__in=OPEN_STATES, merged_into=None)
    for incident in concerned.order_by("pk"):
        _tell(incident, version)


def _tell(incident: Incident, version: Version) -> None:
    with override(LANGUAGE):
        body = _(
            "Version %(version)s of «%(title)s», which the proposed solution cites, was recalled as wrong: %(reason)s"
        ) % {"version": version.number, "title": version.title, "reason": version.reason}
    with transaction.atomic():
        if Comment.objects.filter(incident=incident, is_internal=True, author=None, body=body).exists():
            return
        comment_add(actor=SYSTEM, incident_id=incident.pk, body=body, is_internal=True)
        if incident.assignee_id is not None:
            notice_give(user_id=incident.assignee_id, kind=Notice.Kind.RECALLED, version=version, text=version.reason)
