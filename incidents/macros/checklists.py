"""Checklists of incidents: steps are added, ticked off by somebody, and taken away. For support of the area."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.case.events import record_change
from incidents.case.models import Incident
from incidents.case.writing import incident_locked, require_support
from prsystem.accounts.models import User
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput, Missing
from prsystem.core.text.cleaning import clean_line, is_blank, shorten
from prsystem.core.text.fields import checked_line

from .models import ChecklistItem
from .selectors import templates_for

STEP_LENGTH = 200
MOST_STEPS = 50


def checklist_add(*, actor: Actor, incident_id: int, text: str) -> None:
    """One more step; the same one again changes nothing."""
    step = checked_line("paso", text, STEP_LENGTH)
    with incident_locked(incident_id) as incident:
        require_support(actor, incident)
        _add(actor, incident, [step])


def checklist_fill(*, actor: Actor, incident_id: int, template_id: int) -> None:
    """The steps of a template of the area; those that are there already stay as they are."""
    with incident_locked(incident_id) as incident:
        require_support(actor, incident)
        template = templates_for(incident.area_id).filter(pk=template_id).first()
        if template is None:
            raise Missing()
        lines = [shorten(clean_line(line), STEP_LENGTH) for line in template.steps.splitlines()]
        _add(actor, incident, [line for line in lines if not is_blank(line)])


def _add(actor: Actor, incident: Incident, steps: list[str]) -> None:
    known = set(incident.checklist.values_list("text", flat=True))
    fresh = [step for step in dict.fromkeys(steps) if step not in known]
    if len(known) + len(fresh) > MOST_STEPS:
        raise InvalidInput.field("paso", _("At most %(limit)d steps in a checklist.") % {"limit": MOST_STEPS})
    if fresh:
        ChecklistItem.objects.bulk_create([ChecklistItem(incident=incident, text=step) for step in fresh])
        record_change(actor, incident, "incident.checklist_added", {"pasos": fresh})


def checklist_tick(*, actor: Actor, user: User, incident_id: int, item_id: int, is_done: bool) -> None:
    """Say that a step is done, or that it isn't after all. Twice is once: the first who did it stays."""
    with incident_locked(incident_id) as incident:
        require_support(actor, incident)
        item = _item(incident, item_id)
        if (item.done_at is not None) == is_done:
            return
        item.done_at, item.done_by = (timezone.now(), user) if is_done else (None, None)
        item.save(update_fields=["done_at", "done_by"])
        action = "incident.checklist_ticked" if is_done else "incident.checklist_unticked"
        record_change(actor, incident, action, {"paso": item.text})


def checklist_remove(*, actor: Actor, incident_id: int, item_id: int) -> None:
    with incident_locked(incident_id) as incident:
        require_support(actor, incident)
        item = _item(incident, item_id)
        record_change(actor, incident, "incident.checklist_removed", {"paso": item.text})
        item.delete()


def _item(incident: Incident, item_id: int) -> ChecklistItem:
    found = incident.checklist.filter(pk=item_id).first()
    if found is None:
        raise Missing()
    return found
