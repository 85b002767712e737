"""Handing over to the next shift: which shift it is, and the note of who leaves."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from incidents.sla.book import book_now
from prsystem.accounts.models import Area
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput, NotAllowed
from prsystem.core.text.fields import checked_text

from .models import ShiftNote
from .stretch import HOURS, Shift, shift_of

NOTE_LENGTH = 2000


def shift_asked_for(area: Area, hours: str = "") -> Shift:
    """The shift of the area's calendar, or the last 8, 12 or 24 hours; InvalidInput for other hours."""
    if hours and hours not in map(str, HOURS):
        raise InvalidInput.field("horas", _("One of: %(names)s.") % {"names": ", ".join(map(str, HOURS))})
    return shift_of(book_now().calendar_of(area.pk), timezone.now(), int(hours or 0))


@transaction.atomic
def shift_note_add(*, actor: Actor, area: Area, body: str) -> ShiftNote:
    """Leave a note to the next shift; for the support of the area."""
    if area.pk not in actor.rights.works_incidents:
        raise NotAllowed()
    text = checked_text("nota", body, NOTE_LENGTH)
    note = ShiftNote.objects.create(area=area, author_id=actor.user_id, author_label=actor.label, body=text)
    record(actor, "shift.note_added", f"area:{area.pk}", {"nota": note.pk})
    return note
