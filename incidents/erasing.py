"""What incidents hold of an erased person: names kept beside the account, mentions, filters of saved views."""

from incidents.case.models import Comment, Incident
from incidents.desk.models import SavedView
from incidents.notices.models import Notification
from incidents.relations.models import Merge
from incidents.shifts.models import ShiftNote
from incidents.suggestions.models import Suggestion
from incidents.triage.models import TriageCorrection
from prsystem.core.text.forgetting import Gone, names_replace


def names_blank(gone: Gone) -> None:
    """Called by `person_erase` in its transaction. Titles, descriptions and solutions stay as they were written."""
    Incident.objects.filter(reporter_id=gone.user_id).update(reporter_label=gone.label)
    Comment.objects.filter(author_id=gone.user_id).update(author_label=gone.label)
    ShiftNote.objects.filter(author_id=gone.user_id).update(author_label=gone.label)
    names_replace(gone, Incident, "automatic", "reporter_label")
    names_replace(gone, Comment, "body", "author_label")
    names_replace(gone, ShiftNote, "author_label")
    names_replace(gone, Notification, "actor_label")
    names_replace(gone, SavedView, "filters")
    names_replace(gone, Merge, "before")
    names_replace(gone, Suggestion, "record")
    names_replace(gone, TriageCorrection, "proposed", "chosen")
