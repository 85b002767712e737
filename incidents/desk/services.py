"""Saved views and open pages."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from audit.services import record
from incidents.case.models import Incident
from incidents.case.selectors import ORDERS
from incidents.case.writing import require_support
from prsystem.accounts.models import Area, User
from prsystem.accounts.names import person_reference
from prsystem.accounts.selectors import area_by_code, user_by_username
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput, Missing, NotAllowed
from prsystem.core.rights import Role
from prsystem.core.text.fields import checked_line

from .models import Presence, SavedView
from .selectors import view_get

FILTERS = ("q", "estado", "nivel", "prioridad", "area", "asignado_a")
NAME_LENGTH = 60
VALUE_LENGTH = 200
MOST_VIEWS = 50
FORGOTTEN = timedelta(hours=1)


def view_save(
    *, actor: Actor, name: str, filters: Mapping[str, str], order: str = "", role: str = "", area: str = ""
) -> SavedView:
    """Keep a list's filters under a name. With a role or an area (a code) it is shared with those who are in it."""
    if actor.user_id is None:
        raise NotAllowed()
    name = checked_line("nombre", name, NAME_LENGTH)
    chosen_area = _area(actor, area)
    if role and role not in Role.values:
        raise InvalidInput.field("papel", _("Unknown value: %(value)s.") % {"value": role[:40]})
    if (role or chosen_area) and not actor.rights.is_support:
        raise NotAllowed(_("Only support shares views."))
    if unknown := sorted(filters.keys() - set(FILTERS)):
        raise InvalidInput.field("filtros", _("Unknown value: %(value)s.") % {"value": unknown[0][:40]})
    if order and order not in ORDERS:
        raise InvalidInput.field("orden", _("Unknown value: %(value)s.") % {"value": order[:40]})
    kept = {key: checked_line(key, filters[key], VALUE_LENGTH) for key in FILTERS if filters.get(key)}
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=actor.user_id)
        own = SavedView.objects.filter(owner_id=actor.user_id)
        if own.filter(name=name).exists():
            raise Conflict(_("You have a view with this name already."))
        if own.count() >= MOST_VIEWS:
            raise Conflict(_("At most %(limit)d views of one's own.") % {"limit": MOST_VIEWS})
        view = SavedView.objects.create(
            slug=f"{slugify(name)[:48] or 'vista'}-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}",
            name=name,
            owner_id=actor.user_id,
            filters=kept,
            order=order or "reciente",
            is_shared=bool(role or chosen_area),
            role=role,
            area=chosen_area,
        )
        details = {"nombre": name, "filtros": _told(kept), "papel": role, "area": area}
        record(actor, "saved_view.created", f"vista:{view.slug}", details)
    return view


def _told(filters: dict[str, str]) -> dict[str, str | None]:
    """The filters for the audit trail, which names people by number."""
    user = user_by_username(filters.get("asignado_a", ""))
    return {**filters, "asignado_a": person_reference(user.pk)} if user else {**filters}


def _area(actor: Actor, code: str) -> Area | None:
    if not code:
        return None
    found = area_by_code(code)
    if found is None or found.pk not in actor.rights.belongs:
        raise InvalidInput.field("area", _("Unknown area."))
    return found


@transaction.atomic
def view_remove(*, actor: Actor, slug: str) -> None:
    """Take a view away: its owner, or an administrator when it is shared."""
    view = view_get(actor.rights, slug)
    if view.owner_id != actor.user_id and not actor.rights.is_admin:
        raise NotAllowed()
    record(actor, "saved_view.removed", f"vista:{view.slug}", {"nombre": view.name})
    view.delete()


def presence_beat(*, actor: Actor, incident: Incident) -> None:
    """Say that the actor has the incident's page open now. Not in the audit trail: it changes nothing."""
    require_support(actor, incident)
    if actor.user_id is None:
        raise Missing()
    now = timezone.now()
    _row, is_new = Presence.objects.update_or_create(
        incident=incident, user_id=actor.user_id, defaults={"seen_at": now}
    )
    if is_new:
        Presence.objects.filter(user_id=actor.user_id, seen_at__lt=now - FORGOTTEN).delete()
