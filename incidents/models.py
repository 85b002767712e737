"""Every model of incidents, each made in the package of its capability. A map of the house; nothing is defined here."""

from .answers.models import HiddenSource, ProposalOutcome, SourceOutcome
from .models_board import BoardMail, ShiftNote
from .models_case import Attachment, Comment, Incident
from .models_choices import OPEN_STATES, Grade, Level, Priority, State
from .models_desk import Presence, SavedView
from .models_escalation import EscalationRule
from .models_events import MaintenanceWindow, Storm, StormReference
from .models_exam import ChatModelCandidate, ExamRun
from .models_gaps import GapCase, KnowledgeGap
from .models_macros import ChecklistItem, ChecklistTemplate, Macro
from .models_notices import NoticePreferences, Notification
from .models_related import Link, Merge
from .models_similar import IncidentVector
from .models_sla import (
    AreaCalendar,
    BusinessCalendar,
    CalendarDay,
    CalendarSpan,
    IncidentPause,
    SlaMark,
    SlaPolicy,
    Timer,
)
from .models_suggestions import Citation, Suggestion, SuggestionRating
from .models_triage import TriageCorrection, TriageModel, TriageRule, TriageTarget

__all__ = [
    "OPEN_STATES",
    "AreaCalendar",
    "Attachment",
    "BoardMail",
    "BusinessCalendar",
    "CalendarDay",
    "CalendarSpan",
    "ChatModelCandidate",
    "ChecklistItem",
    "ChecklistTemplate",
    "Citation",
    "Comment",
    "EscalationRule",
    "ExamRun",
    "GapCase",
    "Grade",
    "HiddenSource",
    "Incident",
    "IncidentPause",
    "IncidentVector",
    "KnowledgeGap",
    "Level",
    "Link",
    "Macro",
    "MaintenanceWindow",
    "Merge",
    "NoticePreferences",
    "Notification",
    "Presence",
    "Priority",
    "ProposalOutcome",
    "SavedView",
    "ShiftNote",
    "SlaMark",
    "SlaPolicy",
    "SourceOutcome",
    "State",
    "Storm",
    "StormReference",
    "Suggestion",
    "SuggestionRating",
    "Timer",
    "TriageCorrection",
    "TriageModel",
    "TriageRule",
    "TriageTarget",
]
