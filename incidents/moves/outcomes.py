"""What a resolution says of the knowledge that it was made with: search ranks by it, as by what people say."""

from incidents.answers.keeping import joined_version, outcomes_keep, use_judged, versions_used
from incidents.case.models import Incident
from knowledge.models import ArticleFeedback, Version
from knowledge.selectors import article_ids_readable
from knowledge.services import votes_keep
from prsystem.core.context import Actor


def outcome_count(*, actor: Actor, incident: Incident, solution: str, learned: Version) -> None:
    """Part of resolving: what was left of the proposals is kept, and who resolves votes for the sources that were used
    and for the version that was read of an article that the solution becomes part of."""
    outcomes_keep(actor=actor, incident=incident, solution=solution)
    used = [version for version in (joined_version(learned), *versions_used(incident)) if version]
    use_judged(actor=actor, incident=incident, used=used)
    if actor.user_id is None:
        return
    readable = article_ids_readable(actor.rights, [version.article_id for version in used])
    votes_keep(
        user_id=actor.user_id,
        versions=[version for version in used if version.article_id in readable],
        was_helpful=True,
        said_of=ArticleFeedback.Said.OUTCOME,
        origin=incident.resource,
        area_id=incident.area_id,
    )
