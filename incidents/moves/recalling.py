"""What a recalled version of knowledge means for the incidents that it answered."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.case.choices import OPEN_STATES
from incidents.case.models import Comment, Incident
from incidents.suggestions.selectors import incidents_answered_by
from knowledge.models import Article, Notice, Version
from knowledge.selectors import article_ids_readable
from knowledge.services import notice_give
from prsystem.accounts.models import User
from prsystem.core.context import SYSTEM
from prsystem.core.rights import Rights, Role

from .conversation import comment_add

LANGUAGE = "es"


def version_recall_tell(version_id: int) -> None:
    """Job: say so inside every open incident that the version answered, and to whoever works or worked on one of them:
    a wrong repair may still stand in a closed one. Who may not read the article is told inside those as well, without
    its words. Safe to run twice."""
    version = Version.objects.select_related("article").get(pk=version_id)
    concerned = incidents_answered_by(version).filter(merged_into=None)
    readers, others = _owners(concerned, version.article)
    is_told = Q(state__in=OPEN_STATES) | Q(assignee__in=others)
    for incident in concerned.filter(is_told).order_by("pk"):
        _comment(incident, version)
    for user in readers:
        with transaction.atomic():
            notice_give(user_id=user.pk, kind=Notice.Kind.RECALLED, version=version, text=version.reason)


def _owners(incidents: QuerySet[Incident], article: Article) -> tuple[list[User], list[User]]:
    """Whom they are or were assigned to, and who may still read them: who may read the article too, and who may not."""
    pairs = incidents.exclude(assignee=None).order_by("assignee_id").values_list("assignee_id", "area_id").distinct()
    areas: dict[int, set[int]] = {}
    for user_id, area_id in pairs:
        areas.setdefault(user_id, set()).add(area_id)
    people = User.objects.filter(pk__in=areas, is_active=True).order_by("pk")
    found = [user for user in people if any(area in user.rights.reads_incidents for area in areas[user.pk])]
    readers = [user for user in found if article_ids_readable(user.rights, [article.pk])]
    return readers, [user for user in found if user not in readers]


def _is_read_in(area_id: int, version: Version) -> bool:
    """Whether everybody who reads the comment may read the article: whoever belongs to the incident's area."""
    member = Rights.from_grants(None, [(Role.REPORTER, area_id)])
    return bool(article_ids_readable(member, [version.article_id]))


def _told(version: Version) -> str:
    text = _("Version %(version)s of «%(title)s», which the proposed solution cites, was recalled as wrong: %(reason)s")
    return text % {"version": version.number, "title": version.title, "reason": version.reason}


def _untold() -> str:
    return _("A source of the proposed solution was recalled as wrong. Do not follow it; ask again.")


def _comment(incident: Incident, version: Version) -> None:
    with override(LANGUAGE):
        body = _told(version) if _is_read_in(incident.area_id, version) else _untold()
    with transaction.atomic():
        if Comment.objects.filter(incident=incident, is_internal=True, author=None, body=body).exists():
            return
        comment_add(actor=SYSTEM, incident_id=incident.pk, body=body, is_internal=True)
