"""The audit events that an incident or an article leaves: the actions and details that the services write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audit.services import changes
from incidents.case.models import Incident

from .plan import ArticlePlan, DemoPlan, IncidentPlan, VersionPlan


@dataclass(frozen=True)
class Event:
    """`actor` is a user name, or the name of a system that reported through the API."""

    at: datetime
    actor: str
    action: str
    resource: str
    details: dict[str, Any] = field(default_factory=dict)


def events_of_article(article: ArticlePlan, incidents: Sequence[Incident]) -> list[Event]:
    """Drafting and publishing of every version."""
    events: list[Event] = []
    resource, read = f"articulo:{article.slug}", None
    for version in article.versions:
        number, origin = f"1.{version.minor}", _origin(version, incidents)
        drafted = {"version": number, "origen": origin}
        events.append(Event(version.created_at, version.author, "version.drafted", resource, drafted))
        if version.publisher:
            published = changes({"version": read}, {"version": number})
            events.append(Event(version.created_at, version.publisher, "version.published", resource, published))
            read = number
    return events


def _origin(version: VersionPlan, incidents: Sequence[Incident]) -> str:
    return "" if version.origin is None else incidents[version.origin].resource


def events_of_incident(
    incident: IncidentPlan,
    plan: DemoPlan,
    articles: Mapping[str, ArticlePlan],
    rows: Sequence[Incident],
    comment_ids: Sequence[int],
) -> list[Event]:
    """Everything from the report to the closing, in order of time."""
    row = rows[incident.key]
    said = zip(incident.comments, comment_ids, strict=True)
    events = [
        _event(row, incident.created_at, _reporter(incident), "incident.reported", origen=incident.source),
        *_turns(row, incident),
        *_waits(row, incident),
        *_relapse(row, incident),
        *(
            _event(row, c.at, c.author, "incident.commented", comentario=pk, interno=c.is_internal)
            for c, pk in said
        ),
        *(
            _event(row, link.at, link.by, "incident.linked", con=rows[link.target].number, tipo=link.kind)
            for link in plan.links
            if link.source == incident.key and link.kind == "relacionada"
        ),
        *_endings(row, incident, articles, rows),
    ]  # fmt: skip
    return sorted(events, key=lambda event: event.at)


def _event(row: Incident, at: datetime, actor: str, action: str, **details: Any) -> Event:
    return Event(at, actor, action, row.resource, details)


def _reporter(incident: IncidentPlan) -> str:
    return incident.reporter or incident.external_reference.partition("-")[0]


def _turns(row: Incident, incident: IncidentPlan) -> list[Event]:
    events = []
    for n, turn in enumerate(incident.turns):
        if turn.taken_at and turn.person:
            events.append(_event(row, turn.taken_at, turn.person, "incident.claimed", asignado_a=turn.person))
        if turn.left_at and turn.person:
            level = changes({"nivel": turn.level}, {"nivel": incident.turns[n + 1].level})
            events.append(
                _event(row, turn.left_at, turn.person, "incident.escalated", **level, motivo=turn.reason)
            )  # fmt: skip
    return events


def _waits(row: Incident, incident: IncidentPlan) -> list[Event]:
    engineer, events = incident.assignee or "", []
    for wait in incident.waits:
        events.append(_event(row, wait.since, engineer, "incident.waiting", motivo=wait.reason))
        if wait.until:
            resumed = _event(row, wait.until, engineer, "incident.resumed", pausado_segundos=row.paused_seconds)
            events.append(resumed)
    return events


def _relapse(row: Incident, incident: IncidentPlan) -> list[Event]:
    found, engineer = incident.relapse, incident.assignee or ""
    if found is None:
        return []
    return [
        _event(row, found.resolved_at, engineer, "incident.resolved"),
        _event(row, found.reopened_at, _reporter(incident), "incident.reopened", motivo=found.reason),
    ]


def _endings(
    row: Incident, incident: IncidentPlan, articles: Mapping[str, ArticlePlan], rows: Sequence[Incident]
) -> list[Event]:
    if incident.merged_into is not None and incident.closed_at:
        survivor = rows[incident.merged_into].number
        return [_event(row, incident.closed_at, incident.closer, "incident.merged", en=survivor)]
    events = []
    if incident.resolved_at and incident.assignee:
        details = _learned(incident, articles)
        events.append(_event(row, incident.resolved_at, incident.assignee, "incident.resolved", **details))
    if incident.closed_at:
        events.append(_event(row, incident.closed_at, incident.closer, "incident.closed"))
    return events


def _learned(incident: IncidentPlan, articles: Mapping[str, ArticlePlan]) -> dict[str, Any]:
    article = articles.get(incident.article or "")
    if article is None:
        return {}
    own = next((v for v in article.versions if v.origin == incident.key), None)
    version = own or article.published(incident.resolved_at)
    if version is None:
        return {}
    state = "publicada" if version.publisher else "borrador"
    return {"articulo": article.slug, "version": f"1.{version.minor}", "estado_version": state}
