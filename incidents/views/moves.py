"""The moves that the incident page offers: each is a form, a service and a sentence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.case.models import Incident
from incidents.case.selectors import incident_get
from incidents.moves import attachments, conversation, editing, lifecycle, resolving
from incidents.relations import linking, merging
from incidents.relations.selectors import open_children
from incidents.suggestions.proposal import Proposal
from knowledge.services.twins import Twin
from prsystem.accounts.models import User
from prsystem.core.context import Actor
from prsystem.core.errors import DomainError, InvalidInput

from .forms import (
    AssignForm,
    AttachForm,
    CloseForm,
    CommentForm,
    EscalateForm,
    LinkForm,
    MergeForm,
    PriorityForm,
    ReasonForm,
    ResolveForm,
    UnlinkForm,
    VersionedForm,
    WaitForm,
)

Values = dict[str, Any]


def action_forms(
    user: User,
    incident: Incident,
    moves: Iterable[str],
    proposal: Proposal | None,
    twins: Sequence[Twin],
    children: list[str],
) -> dict[str, forms.Form]:
    """A fresh form for every move that the person may make."""
    return {
        name: form_for(name, user, incident, proposal, twins=twins, children=children)
        for name in moves
        if name in ACTIONS
    }


def form_for(
    name: str,
    user: User,
    incident: Incident,
    proposal: Proposal | None,
    data: Any = None,
    files: Any = None,
    twins: Sequence[Twin] = (),
    children: list[str] | None = None,
) -> forms.Form:
    """`twins` are offered as articles to go on with; a certain one is chosen beforehand. `children` are the open ones,
    asked for where they aren't given."""
    initial: Values = {"version": incident.version, "prioridad": incident.priority}
    arguments: tuple[Any, ...] = ()
    kind = ACTIONS[name].form
    if kind in (AssignForm, EscalateForm):
        arguments = (incident,)
    if kind is ResolveForm:
        initial["solucion"] = proposal.to_resolve_with if proposal else ""
        initial["articulo"] = next((twin.slug for twin in twins if twin.is_certain), "")
        may_publish = incident.area_id in user.rights.publishes
        arguments = (
            _known_articles(proposal, twins),
            may_publish,
            open_children(incident) if children is None else children,
        )
    return kind(*arguments, data, files, initial=initial, auto_id=f"id_{name}_%s")


def _known_articles(proposal: Proposal | None, twins: Sequence[Twin]) -> list[tuple[str, str]]:
    """The twins and the cited articles, each once: the solution may be their next version."""
    cited = proposal.citations if proposal else []
    known = {twin.slug: twin.title for twin in twins}
    return list((known | {c.slug: c.title for c in cited if c.slug not in known}).items())


@dataclass(frozen=True)
class Step:
    """What a form's values are given to."""

    actor: Actor
    user: User
    incident: Incident

    @property
    def ids(self) -> Values:
        return {"actor": self.actor, "incident_id": self.incident.pk}


def _claim(step: Step, values: Values) -> None:
    lifecycle.incident_claim(**step.ids, user=step.user)


def _assign(step: Step, values: Values) -> None:
    lifecycle.incident_assign(**step.ids, username=values["asignado_a"], version=values["version"])


def _escalate(step: Step, values: Values) -> None:
    lifecycle.incident_escalate(**step.ids, reason=values["motivo"], level=values["nivel"], version=values["version"])


def _wait(step: Step, values: Values) -> None:
    lifecycle.incident_wait(**step.ids, reason=values["motivo"], version=values["version"])


def _reopen(step: Step, values: Values) -> None:
    lifecycle.incident_reopen(**step.ids, reason=values["motivo"], version=values["version"])


def _plain(service: Callable[..., Any]) -> Callable[[Step, Values], None]:
    def run(step: Step, values: Values) -> None:
        service(**step.ids, version=values["version"])

    return run


def _resolve(step: Step, values: Values) -> None:
    resolution = resolving.Resolution(
        solution=values["solucion"],
        cause=values["causa"],
        article=values["articulo"] or None,
        publish=bool(values.get("publicar")),
        children=values.get("hijas"),
    )
    resolving.incident_resolve(**step.ids, resolution=resolution, version=values["version"])


def _close(step: Step, values: Values) -> None:
    children = resolving.LEAVE_CHILDREN if values["hijas"] else None
    resolving.incident_close(**step.ids, version=values["version"], children=children)


def _other(step: Step, number: str) -> Incident:
    try:
        return incident_get(step.user.rights, number)
    except DomainError as error:
        raise InvalidInput.field("incidencia", error.message) from error


def _link(step: Step, values: Values) -> None:
    target = _other(step, values["incidencia"])
    linking.incidents_link(actor=step.actor, source=step.incident, target=target, kind=values["tipo"])


def _unlink(step: Step, values: Values) -> None:
    linking.link_remove(**step.ids, link_id=values["enlace"])


def _merge(step: Step, values: Values) -> None:
    merging.incident_merge(**step.ids, into=_other(step, values["incidencia"]), version=values["version"])


def _undo_merge(step: Step, values: Values) -> None:
    merging.merge_undo(**step.ids)


def _priority(step: Step, values: Values) -> None:
    editing.incident_update(**step.ids, fields={"prioridad": values["prioridad"]}, version=values["version"])


def _comment(step: Step, values: Values) -> None:
    conversation.comment_add(**step.ids, body=values["cuerpo"], is_internal=values["interno"], author=step.user)


def _attach(step: Step, values: Values) -> None:
    for file in values["archivos"]:
        attachments.attachment_add(**step.ids, file=file, name=file.name, user=step.user)


@dataclass(frozen=True)
class Action:
    """A move: its form, what runs, what is said when it is done, and where the page then stands."""

    form: Callable[..., forms.Form]
    run: Callable[[Step, Values], None]
    done: str | Promise
    anchor: str = ""


ACTIONS: dict[str, Action] = {
    "tomar": Action(VersionedForm, _claim, _("It is yours now.")),
    "asignar": Action(AssignForm, _assign, _("Assigned.")),
    "soltar": Action(VersionedForm, _plain(lifecycle.incident_release), _("It is back in the queue.")),
    "escalar": Action(EscalateForm, _escalate, _("Escalated.")),
    "esperar": Action(WaitForm, _wait, _("It waits; the clock is paused.")),
    "reanudar": Action(VersionedForm, _plain(lifecycle.incident_resume), _("The clock runs again.")),
    "resolver": Action(ResolveForm, _resolve, _("Resolved. The solution is kept as knowledge.")),
    "cerrar": Action(CloseForm, _close, _("Closed.")),
    "reabrir": Action(ReasonForm, _reopen, _("Reopened.")),
    "fusionar": Action(MergeForm, _merge, _("Merged.")),
    "enlazar": Action(LinkForm, _link, _("Linked."), "enlaces"),
    "desenlazar": Action(UnlinkForm, _unlink, _("The link was removed."), "enlaces"),
    "deshacer-fusion": Action(VersionedForm, _undo_merge, _("The merge was undone.")),
    "prioridad": Action(PriorityForm, _priority, _("Priority changed.")),
    "comentar": Action(CommentForm, _comment, _("Comment added."), "comentar"),
    "adjuntar": Action(AttachForm, _attach, _("Files added."), "archivos"),
}
