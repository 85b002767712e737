"""Hides a source at one case, shows it again; asks editors to look at one."""

from django.utils.translation import gettext_lazy as _

from audit.services import record
from incidents.case.models import Incident
from incidents.case.writing import incident_locked, require_support
from knowledge.models import Article
from knowledge.selectors import article_get
from knowledge.services import article_report
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, Missing
from prsystem.runtime.selectors import get_setting

from .models import HiddenSource, Suggestion
from .services import suggestion_create, suggestion_enqueue


def source_hide(*, actor: Actor, incident_id: int, slug: str) -> HiddenSource:
    """Don't show an article in proposals for this case; another proposal is made without it. Support of the area; a
    second time changes nothing."""
    with incident_locked(incident_id) as incident:
        require_support(actor, incident)
        article = article_get(actor.rights, slug)
        hidden, is_new = HiddenSource.objects.get_or_create(
            incident=incident, article=article, defaults={"hidden_by_id": actor.user_id}
        )
        if is_new:
            record(actor, "suggestion.source_hidden", incident.resource, _details(article))
            _propose_anew(actor, incident)
    return hidden


def source_show(*, actor: Actor, incident_id: int, slug: str) -> None:
    """Take that back."""
    with incident_locked(incident_id) as incident:
        require_support(actor, incident)
        article = article_get(actor.rights, slug)
        if not HiddenSource.objects.filter(incident=incident, article=article).delete()[0]:
            raise Missing()
        record(actor, "suggestion.source_shown", incident.resource, _details(article))
        _propose_anew(actor, incident)


def source_report(*, actor: Actor, incident_id: int, slug: str, reason: str) -> int:
    """Ask those who look after the article to review it, with the reason; how many were asked. Support of the area."""
    with incident_locked(incident_id) as incident:
        require_support(actor, incident)
        article = article_get(actor.rights, slug)
        if article.current_id is None:
            raise Conflict(_("It isn't published any more."))
        return article_report(actor=actor, article=article, reason=reason, origin=incident.number)


def _details(article: Article) -> dict[str, object]:
    return {"articulo": article.slug, "interno": True}


def _propose_anew(actor: Actor, incident: Incident) -> None:
    """The one that is being made has perhaps been searched already: a new one comes after it. One that waits is held:
    its job begins when what was hidden is kept, and reads it."""
    if not incident.is_open or incident.is_emergency or not get_setting("suggestions.enabled"):
        return
    if not incident.suggestions.select_for_update(of=["self"]).filter(state=Suggestion.State.PENDING).first():
        suggestion_enqueue(incident, suggestion_create(actor, incident))
