"""Every model of incidents, each made in the package of its capability. A map of the house; nothing is defined here."""

from incidents.answers.models import ProposalOutcome, SourceOutcome
from incidents.case.choices import OPEN_STATES, Grade, Level, Priority, State, Timer
from incidents.case.models import Attachment, Comment, Incident
from incidents.desk.models import Presence, SavedView
from incidents.escalation.models import EscalationRule
from incidents.exams.models import ChatModelCandidate, ExamRun
from incidents.gaps.models import GapCase, KnowledgeGap
from incidents.intake.models import MaintenanceWindow, Storm, StormReference
from incidents.macros.models import ChecklistItem, ChecklistTemplate, Macro
from incidents.notices.models import NoticePreferences, Notification
from incidents.relations.models import Link, Merge
from incidents.shifts.models import BoardMail, ShiftNote
from incidents.similar.models import IncidentVector
from incidents.sla.models import (
    AreaCalendar,
    BusinessCalendar,
    CalendarDay,
    CalendarSpan,
    IncidentPause,
    SlaMark,
    SlaPolicy,
)
from incidents.suggestions.models import Citation, HiddenSource, Suggestion, SuggestionRating
from incidents.triage.models import TriageCorrection, TriageModel, TriageRule, TriageTarget

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
