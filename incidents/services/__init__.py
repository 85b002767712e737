"""Every change of an incident. Pages, API, tasks and commands call these and nothing else writes."""

from .attachments import attachment_add
from .conversation import comment_add, incidents_link
from .editing import incident_update
from .intake import Report, incident_report
from .lifecycle import (
    Resolution,
    incident_assign,
    incident_claim,
    incident_close,
    incident_escalate,
    incident_release,
    incident_reopen,
    incident_resolve,
    incident_resume,
    incident_wait,
)
from .merging import incident_merge, incidents_merge, merge_undo
from .suggesting import suggestion_rate, suggestion_request

__all__ = [
    "Report",
    "Resolution",
    "attachment_add",
    "comment_add",
    "incident_assign",
    "incident_claim",
    "incident_close",
    "incident_escalate",
    "incident_merge",
    "incident_release",
    "incident_reopen",
    "incident_report",
    "incident_resolve",
    "incident_resume",
    "incident_update",
    "incident_wait",
    "incidents_link",
    "incidents_merge",
    "merge_undo",
    "suggestion_rate",
    "suggestion_request",
]
