"""The console pages of every capability: importing them registers them."""

from . import (  # noqa: F401 -- they register themselves
    admin_answers,
    admin_board,
    admin_case,
    admin_desk,
    admin_escalation,
    admin_exams,
    admin_gaps,
    admin_intake,
    admin_macros,
    admin_notices,
    admin_related,
    admin_similar,
    admin_sla,
    admin_suggestions,
    admin_triage,
)
