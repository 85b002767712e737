"""What a resolution says of the knowledge that it was made with: search ranks by it, as by what people say."""

from knowledge.models import ArticleFeedback, Version
from knowledge.selectors import article_ids_readable
from knowledge.services import votes_keep
from prsystem.core.context import Actor

from ..likeness import shared, words_of
from ..models import Incident
from ..selectors import latest_suggestions

ACCEPTED = 0.8  # of the words of proposal and solution are the same: it was used, at most with a few words changed


def outcome_count(*, actor: Actor, incident: Incident, solution: str, learned: Version) -> None:
    """Part of resolving: a vote of who resolves for the sources of a proposal that was accepted, and for the version
    that was read of an article that the solution becomes part of."""
    if actor.user_id is None:
        return
    used = [version for version in (_read_before(learned), *_accepted(incident, solution)) if version]
    readable = article_ids_readable(actor.rights, [version.article_id for version in used])
    votes_keep(
        user_id=actor.user_id,
        versions=[version for version in used if version.article_id in readable],
        was_helpful=True,
        said_of=ArticleFeedback.Said.OUTCOME,
        origin=incident.resource,
    )


def _read_before(learned: Version) -> Version | None:
    """The version of the article that was the published one before this; None for a new article."""
    others = Version.objects.filter(article_id=learned.article_id).exclude(pk=learned.pk)
    return others.exclude(published_at=None).exclude(state=Version.State.RECALLED).order_by("-published_at").first()


def _accepted(incident: Incident, solution: str) -> list[Version]:
    """The sources of the proposals that the solution was taken from: the reporter's, that of support, or both."""
    said = words_of(solution)
    taken = [s for s in latest_suggestions(incident) if shared(words_of(s.text), said) >= ACCEPTED]
    versions = {citation.version_id: citation.version for s in taken for citation in s.citations.all()}
    return list(versions.values())
