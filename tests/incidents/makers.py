"""Incidents, suggestions and articles for the tests of the API."""

from typing import Any

from incidents.intake.reporting import Report, incident_report
from incidents.models import Citation, Incident, Suggestion
from incidents.moves.lifecycle import incident_claim
from knowledge.models import Article, Version
from knowledge.services import Lesson, version_learn
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM


def make_incident(reporter: User, title: str = "La prensa no arranca", area: str = "PROD", **fields: Any) -> Incident:
    description = fields.pop("description", "Al pulsar marcha no pasa nada.")
    report = Report(title=title, description=description, area=area, source="web", **fields)
    return incident_report(actor=reporter.as_actor(), report=report, reporter=reporter)


def claimed(incident: Incident, user: User) -> Incident:
    return incident_claim(actor=user.as_actor(), user=user, incident_id=incident.pk)


def make_article(area: Area, title: str = "Prensa sin presión", *, publish: bool = True, **fields: Any) -> Version:
    texts = {"problem": "La prensa pierde presión.", "solution": "Cambiar la junta tórica.", **fields}
    return version_learn(actor=SYSTEM, lesson=Lesson(area=area, lang="es", title=title, **texts), publish=publish)


def make_suggestion(incident: Incident, *versions: Version, text: str = "Cambiar la junta [1].") -> Suggestion:
    """A finished proposal that cites the versions."""
    suggestion = incident.suggestions.first()
    Suggestion.objects.filter(pk=suggestion.pk).update(
        state=Suggestion.State.READY, rung=Suggestion.Rung.MODEL, text=text, confidence=0.8, model="m", node="n1"
    )
    for number, version in enumerate(versions, start=1):
        Citation.objects.create(
            suggestion=suggestion,
            number=number,
            article=Article.objects.get(pk=version.article_id),
            version=version,
            kind="solucion",
            fragment=version.solution,
        )
    return Suggestion.objects.get(pk=suggestion.pk)
