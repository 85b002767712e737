"""The look of incidents for templates; see `incidents.case.look.badges` and `incidents.suggestions.badges`."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from incidents.case.look import badges
from incidents.case.look.rows import Row, TableStyle, rows_html
from incidents.case.mentions import linked
from incidents.case.models import Incident
from incidents.case.numbers import incident_number
from incidents.suggestions.badges import certainty_tag, rung_tag

register = template.Library()
register.filter("state_tag", badges.state_tag)
register.filter("priority_tag", badges.priority_tag)
register.filter("level_tag", badges.level_tag)
register.filter("rung_tag", rung_tag)
register.filter("certainty_tag", certainty_tag)
register.filter("target_tag", badges.target_tag)
register.filter("incident_number", incident_number)
register.filter("linked", linked)


@register.filter
def sla(incident: Incident) -> SafeString:
    """The target of an incident that counts now."""
    return badges.sla_chip(vars(incident), timezone.now())


@register.simple_tag
def due(moment: datetime | None) -> str:
    return badges.due_text(moment, timezone.now()) if moment else "—"


@register.simple_tag(takes_context=True)
def incident_rows(context: template.Context, rows: list[Row], note: str = "", is_done: bool = False) -> SafeString:
    """Table rows; the context may hold `hide_level`, `hide_assignee` and `is_selectable`."""
    style = TableStyle(
        csrf_token=str(context.get("csrf_token", "")),
        claim_label=_("Claim"),
        hide_level=bool(context.get("hide_level")),
        hide_assignee=bool(context.get("hide_assignee")),
        is_selectable=bool(context.get("is_selectable")),
    )
    return rows_html(rows, style, note, is_done)
