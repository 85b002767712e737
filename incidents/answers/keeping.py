"""Keeps what became of the proposals of a case when it is resolved, and when it comes back."""

from django.utils import timezone

from incidents.case.models import Incident
from incidents.suggestions.models import Suggestion
from incidents.suggestions.proposal import may_read_text
from incidents.suggestions.selectors import latest_suggestions
from knowledge.models import Version
from knowledge.services import failures_judge, outcomes_withdraw
from prsystem.core.context import Actor

from .comparing import Comparison, compared
from .models import ProposalOutcome, SourceOutcome

Result = ProposalOutcome.Result


def outcomes_keep(*, actor: Actor, incident: Incident, solution: str) -> list[ProposalOutcome]:
    """Part of resolving: what was left of the proposals that whoever resolves could read (the reporter's, that of
    support, or both), as labelled data. Nothing for a case of danger: its proposal is shown to nobody."""
    if incident.is_emergency:
        return []
    shown = [s for s in latest_suggestions(incident) if s.state == Suggestion.State.READY]
    return [_kept(actor, one, compared(one.text, solution)) for one in shown if may_read_text(one, actor.rights)]


def _kept(actor: Actor, suggestion: Suggestion, found: Comparison) -> ProposalOutcome:
    result = Result.ACCEPTED if found.is_accepted else Result.EDITED if found.is_used else Result.REJECTED
    outcome = ProposalOutcome.objects.create(
        incident_id=suggestion.incident_id,
        suggestion=suggestion,
        result=result,
        added=found.added,
        resolved_by_id=actor.user_id,
    )
    rows: dict[int, SourceOutcome] = {}
    for citation in suggestion.citations.all():
        left = found.by_source.get(citation.number)
        row = rows.setdefault(citation.version_id, SourceOutcome(outcome=outcome, version_id=citation.version_id))
        if left:
            row.kept, row.changed = [*row.kept, *left.kept], [*row.changed, *left.changed]
            row.deleted = [*row.deleted, *left.deleted]
    SourceOutcome.objects.bulk_create(rows.values())
    return outcome


def versions_used(incident: Incident) -> list[Version]:
    """The sources that its last resolution used: all of a proposal that was accepted as it was, and those of an edited
    one of which at least half was left."""
    rows = SourceOutcome.objects.filter(outcome__incident=incident, outcome__reopened_at=None)
    return [row.version for row in rows.select_related("version__article", "outcome") if row.was_used]


def joined_version(learned: Version | None) -> Version | None:
    """The version that was read of the article that a solution became part of; None for a new article."""
    if learned is None:
        return None
    others = Version.objects.filter(article_id=learned.article_id).exclude(pk=learned.pk)
    return others.exclude(published_at=None).exclude(state=Version.State.RECALLED).order_by("-published_at").first()


def use_failed(*, actor: Actor, incident: Incident) -> None:
    """Part of reopening: what it was solved with didn't hold, and speaks against those sources."""
    failed = versions_used(incident)
    if joined := joined_version(incident.learned_version):
        failed.append(joined)
    outcomes_withdraw(origin=incident.resource, area_id=incident.area_id, user_id=actor.user_id, versions=failed)
    ProposalOutcome.objects.filter(incident=incident, reopened_at=None).update(reopened_at=timezone.now())


def use_judged(*, actor: Actor, incident: Incident, used: list[Version]) -> None:
    """Part of resolving a case that had come back."""
    if incident.reopened_count:
        failures_judge(origin=incident.resource, user_id=actor.user_id, versions=used)
