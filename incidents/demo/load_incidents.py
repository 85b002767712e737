"""Rows of incidents, comments, links and asked-for suggestions for the demo."""

from itertools import groupby

from incidents.case.models import Comment, Incident
from incidents.case.priorities import priority_from
from incidents.relations.models import Link
from incidents.sla.models import IncidentPause
from incidents.sla.targets import targets_apply
from incidents.suggestions.models import Suggestion
from knowledge.models import Version
from prsystem.core.jobs import queue

from .cast import Cast
from .load_knowledge import Shelf
from .moments_given import moments_given
from .plan import DemoPlan, IncidentPlan

BATCH = 500
# The articles are indexed first; a suggestion drafted before would find nothing.
SUGGEST_AFTER_SECONDS = 120


def reporter_label(plan: IncidentPlan, cast: Cast) -> str:
    """The person's name, or the reporting system's: MES, ERP."""
    return str(cast.user(plan.reporter)) if plan.reporter else plan.external_reference.partition("-")[0]


def incidents_insert(plan: DemoPlan, cast: Cast) -> list[Incident]:
    """All incidents in the order of their keys, so that numbers follow time."""
    return Incident.objects.bulk_create([_row(incident, cast) for incident in plan.incidents], batch_size=BATCH)


def _row(plan: IncidentPlan, cast: Cast) -> Incident:
    row = Incident(
        title=plan.title,
        description=plan.description,
        area=cast.areas[plan.area],
        state=plan.state,
        level=plan.level,
        impact=plan.impact,
        urgency=plan.urgency,
        priority=priority_from(plan.impact, plan.urgency),
        lang=plan.lang,
        source=plan.source,
        external_reference=plan.external_reference,
        reporter=cast.user(plan.reporter),
        reporter_label=reporter_label(plan, cast),
        assignee=cast.user(plan.assignee),
        solution=plan.solution,
        cause=plan.cause,
        level_since=plan.level_since,
        created_at=plan.created_at,
        updated_at=plan.updated_at,
        first_response_at=plan.first_response_at,
        responded_at=plan.taken_at,
        resolved_at=plan.resolved_at,
        closed_at=plan.closed_at,
        version=plan.edits,
    )
    pauses = [(wait.since, wait.until) for wait in plan.waits if wait.until]
    if plan.relapse:
        pauses.append((plan.relapse.resolved_at, plan.relapse.reopened_at))
        row.reopened_count = 1
    targets_apply(row, pauses=pauses)
    for wait in plan.waits:
        if wait.until is None:
            row.waiting_since, row.waiting_reason = wait.since, wait.reason
    return row


def pauses_insert(plan: DemoPlan, rows: list[Incident]) -> None:
    """As `incident_wait`, `incident_resume` and `incident_reopen` would have left them."""
    ended = [(incident.key, wait, wait.until) for incident in plan.incidents for wait in incident.waits if wait.until]
    IncidentPause.objects.bulk_create(
        IncidentPause(incident=rows[key], started_at=wait.since, ended_at=until, reason=wait.reason)
        for key, wait, until in ended
    )
    resolved = IncidentPause.Kind.RESOLVED
    IncidentPause.objects.bulk_create(
        IncidentPause(incident=rows[key], started_at=relapse.resolved_at, ended_at=relapse.reopened_at, kind=resolved)
        for key, relapse in ((incident.key, incident.relapse) for incident in plan.incidents)
        if relapse
    )


def incidents_tie(plan: DemoPlan, rows: list[Incident], shelf: Shelf) -> None:
    """What could only be set once all rows have ids: the version learned or used, the survivor of a merge."""
    for incident, row in zip(plan.incidents, rows, strict=True):
        row.learned_version = _version_of(incident, shelf)
        row.merged_into = None if incident.merged_into is None else rows[incident.merged_into]
    Incident.objects.bulk_update(rows, ["learned_version", "merged_into"], batch_size=BATCH)


def _version_of(incident: IncidentPlan, shelf: Shelf) -> Version | None:
    if incident.key in shelf.learned:
        return shelf.learned[incident.key]
    if incident.article is None or incident.resolved_at is None:
        return None
    used = shelf.plans[incident.article].published(incident.resolved_at)
    return shelf.versions[incident.article, used.minor] if used else None


def comments_insert(plan: DemoPlan, cast: Cast, rows: list[Incident]) -> dict[int, list[int]]:
    """Ids of the comments by key of their incident, in order."""
    said = [(incident.key, comment) for incident in plan.incidents for comment in incident.comments]
    made = Comment.objects.bulk_create(
        [
            Comment(
                incident=rows[key],
                author=cast.user(comment.author),
                author_label=str(cast.users[comment.author]),
                body=comment.body,
                is_internal=comment.is_internal,
                created_at=comment.at,
            )
            for key, comment in said
        ],
        batch_size=BATCH,
    )
    ids = ((key, row.pk) for (key, _comment), row in zip(said, made, strict=True))
    return {key: [pk for _key, pk in group] for key, group in groupby(ids, key=lambda pair: pair[0])}


def links_insert(plan: DemoPlan, rows: list[Incident]) -> int:
    links = [
        Link(source=rows[link.source], target=rows[link.target], kind=link.kind, created_at=link.at)
        for link in plan.links
    ]
    with moments_given(Link):
        return len(Link.objects.bulk_create(links))


def suggestions_ask(incidents: list[Incident]) -> None:
    """Open incidents get a suggestion the way a new report does: drafted by a worker, never made up here. They are
    backlog: whoever tries the product reports something, and waits for that."""
    for suggestion in Suggestion.objects.bulk_create(Suggestion(incident=incident) for incident in incidents):
        payload = {"suggestion_id": suggestion.pk}
        queue.enqueue("suggestion.draft", payload=payload, queue="bulk", delay_seconds=SUGGEST_AFTER_SECONDS)
