"""The lists of a hand-over with their headings in the present language. Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .selectors import Brief, Listed


@dataclass(frozen=True)
class BriefList:
    code: str
    title: str
    empty: str
    found: Listed


def brief_lists(brief: Brief) -> list[BriefList]:
    """Most pressing first."""
    return [
        BriefList("plazos", _("At risk or breached"), _("Every target is on time."), brief.late),
        BriefList("prometido", _("Promised before the next shift ends"), _("Nothing is due."), brief.promised),
        BriefList("esperas", _("Waiting for somebody"), _("Nothing waits."), brief.waiting),
        BriefList("escaladas", _("Escalated in the shift"), _("Nothing was escalated."), brief.escalated),
        BriefList("entradas", _("Came in during the shift"), _("Nothing came in."), brief.came_in),
        BriefList("terminadas", _("Ended in the shift"), _("Nothing ended."), brief.ended),
    ]
