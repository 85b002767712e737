"""Every change of an incident. Pages, API, tasks and commands call these and nothing else writes."""

from .attachments import attachment_add
from .conversation import comment_add
from .editing import incident_update
from .intake import Report, incident_report
from .lifecycle import (
    incident_assign,
    incident_claim,
    incident_escalate,
    incident_release,
    incident_reopen,
    incident_resume,
    incident_wait,
)
from .linking import incidents_link, link_remove
from .merging import incident_merge, incidents_merge, merge_undo
from .resolving import Resolution, incident_close, incident_resolve
from .splitting import Part, incident_split
from .suggesting import suggestion_rate, suggestion_request

__all__ = [
    "Part",
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
    "incident_split",
    "incident_update",
    "incident_wait",
    "incidents_link",
    "incidents_merge",
    "link_remove",
    "merge_undo",
    "suggestion_rate",
    "suggestion_request",
]
