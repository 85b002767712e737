"""Macros: kept by their owners, applied in one act."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import record
from incidents.case.choices import Priority
from incidents.case.models import Incident
from incidents.case.writing import REASON_LENGTH, incident_locked, require_support
from incidents.moves.conversation import COMMENT_LENGTH, comment_add
from incidents.moves.editing import incident_update
from incidents.moves.lifecycle import incident_assign, incident_wait
from prsystem.accounts.models import User
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput, Missing, NotAllowed
from prsystem.core.text.fields import checked_line, checked_text

from .models import Macro
from .selectors import macro_get, macro_text

MOST_MACROS = 100
NAME_LENGTH = 60


def macro_save(*, actor: Actor, values: dict[str, Any]) -> Macro:
    """A macro of one's own: nombre, texto, interno, prioridad, asignarme, espera; at least one of them does something.

    InvalidInput names what can't be kept. Those of everybody are the console's.
    """
    if actor.user_id is None or not actor.rights.is_support:
        raise NotAllowed()
    macro = Macro(
        owner_id=actor.user_id,
        name=checked_line("nombre", values.get("nombre", ""), NAME_LENGTH),
        body=checked_text("texto", values.get("texto", ""), COMMENT_LENGTH, required=False),
        is_internal=bool(values.get("interno")),
        set_priority=values.get("prioridad", ""),
        assign_to_me=bool(values.get("asignarme")),
        wait_reason=checked_line("espera", values.get("espera", ""), REASON_LENGTH, required=False),
    )
    if macro.set_priority and macro.set_priority not in Priority.values:
        raise InvalidInput.field("prioridad", _("One of P1, P2, P3, P4."))
    if not (macro.body or macro.set_priority or macro.assign_to_me or macro.wait_reason):
        raise InvalidInput.field("texto", _("A macro says or changes something."))
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=actor.user_id)
        own = Macro.objects.filter(owner_id=actor.user_id)
        if own.filter(name=macro.name).exists():
            raise Conflict(_("You have a macro with this name already."))
        if own.count() >= MOST_MACROS:
            raise Conflict(_("At most %(limit)d macros of one's own.") % {"limit": MOST_MACROS})
        macro.save(force_insert=True)
        record(actor, "macro.created", f"macro:{macro.pk}", {"nombre": macro.name})
    return macro


@transaction.atomic
def macro_remove(*, actor: Actor, macro_id: int) -> None:
    """Take away one of one's own."""
    macro = macro_get(actor.rights, macro_id)
    if macro.owner_id != actor.user_id:
        raise NotAllowed()
    record(actor, "macro.removed", f"macro:{macro.pk}", {"nombre": macro.name})
    macro.delete()


@transaction.atomic
def macro_apply(*, actor: Actor, user: User, incident_id: int, macro_id: int, version: int | None = None) -> Incident:
    """Comment and changes of a macro, all of them or none."""
    macro = macro_get(actor.rights, macro_id)
    with incident_locked(incident_id, version) as incident:
        require_support(actor, incident)
        if macro.area_id not in (None, incident.area_id):
            raise Missing()
        body = macro_text(macro, incident, str(user))
    if macro.set_priority:
        incident_update(actor=actor, incident_id=incident_id, fields={"prioridad": macro.set_priority})
    if macro.assign_to_me:
        incident_assign(actor=actor, incident_id=incident_id, username=user.username)
    if body:
        comment_add(
            actor=actor, incident_id=incident_id, body=body[:COMMENT_LENGTH], is_internal=macro.is_internal, author=user
        )
    if macro.wait_reason:
        incident_wait(actor=actor, incident_id=incident_id, reason=macro.wait_reason)
    return Incident.objects.select_related("area", "assignee", "reporter").get(pk=incident_id)
