"""How proposals look: the rung they were made on, how sure they are. Pure."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from incidents.case.look.badges import NOTHING
from knowledge.assistant.ladder import Thresholds
from prsystem.core.templatetags.ui import icon

from .models import Suggestion

RUNG_ICONS = {"modelo": "robot", "extractiva": "quote", "similares": "stack-2", "cola": "user"}


def rung_tag(code: str) -> SafeString:
    """On which rung of the ladder a suggestion was made."""
    if not code:
        return NOTHING
    return format_html('<span class="pill c-violet">{}{}</span>', icon(RUNG_ICONS[code]), Suggestion.Rung(code).label)


def certainty_tag(confidence: float | None) -> SafeString:
    """How sure a proposal is, in words."""
    if confidence is None:
        return NOTHING
    limits = Thresholds()
    if confidence >= limits.sure:
        return format_html('<span class="pill c-green">{}</span>', _("Very probably answers this"))
    if confidence >= limits.likely:
        return format_html('<span class="pill c-blue">{}</span>', _("Probably answers this"))
    return format_html('<span class="pill c-amber">{}</span>', _("May not answer this: check it first"))
