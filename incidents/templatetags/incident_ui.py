"""The look of incidents for templates; see `incidents.badges`."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from .. import badges
from ..models import Incident

register = template.Library()
register.filter("state_tag", badges.state_tag)
register.filter("priority_tag", badges.priority_tag)
register.filter("level_tag", badges.level_tag)
register.filter("rung_tag", badges.rung_tag)


@register.filter
def sla(incident: Incident) -> SafeString:
    """The target of an incident that counts now."""
    return badges.sla_chip(vars(incident), timezone.now())


@register.simple_tag
def due(moment: datetime | None) -> str:
    return badges.due_text(moment, timezone.now()) if moment else "—"
