"""The jobs of incidents, and what is done for them by the clock."""

from prsystem.core.jobs.schedule import At, Periodic, Work

_EXAM, _NIGHT = "incidents.exams.services", 3 * 3600
JOBS = (
    Work(
        "incident.assist",
        "incidents.intake.assist.incident_assist",
        when_parked="incidents.intake.assist.incident_assist_fail",
    ),
    Work("incident.announce", "incidents.intake.maintenance.incident_announce"),
    Work("mail.receive", "incidents.intake.mail.mail_receive"),
    Work("attachment.scan", "incidents.moves.scanning.attachment_scan"),
    Work("version.recalled", "incidents.moves.recalling.version_recall_tell"),
    Work(
        "suggestion.draft",
        "incidents.suggestions.services.suggestion_draft",
        when_parked="incidents.suggestions.services.suggestion_fail",
    ),
    Work("suggestion.draft_for_support", "incidents.suggestions.services.suggestion_draft_for_support"),
    Work("suggestion.replay", "incidents.suggestions.replaying.suggestion_replay"),
    Work("exam.nightly", f"{_EXAM}.exam_nightly", seconds=_NIGHT),
    Work("exam.embedder", f"{_EXAM}.embedder_examine", seconds=_NIGHT),
    Work("exam.candidate", f"{_EXAM}.candidate_examine", seconds=_NIGHT),
    Work("incident.notify", "incidents.notices.services.incident_notify"),
    Work("notice.mail", "incidents.notices.mailing.notification_mail"),
    Work("notice.digest", "incidents.notices.mailing.digest_mail"),
    Work("board.mail", "incidents.shifts.mailing.board_mail_send"),
    Work("gaps.find", "incidents.gaps.services.gaps_find", seconds=1800),
    Work("gap.draft", "incidents.gaps.drafting.gap_draft", when_parked="incidents.gaps.drafting.gap_draft_fail"),
    Work("incident.vectors", "incidents.similar.meaning.vectors_fill", seconds=1800),
    Work("triage.learn", "incidents.triage.training.triage_learn"),
    Work("sla.recompute", "incidents.sla.recomputing.sla_recompute"),
)
BY_CLOCK = (
    Periodic("sla-sweep", "incidents.escalation.sweep.sla_sweep", every=60.0, queue="normal"),
    Periodic("incident-vectors", "incidents.similar.meaning.vectors_fill_request", every=300.0),
    Periodic("board-mails", "incidents.shifts.mailing.board_mails_request", every=120.0),
    Periodic("notices-digest", "incidents.notices.mailing.digests_request", every=At(minute=5), expires=3000),
    Periodic("exam", "incidents.exams.services.exam_request", every=At(hour=1, minute=15)),
    Periodic("triage-learn", "incidents.triage.training.triage_learn_request", every=At(hour=2, minute=10)),
    Periodic("gaps-find", "incidents.gaps.services.gaps_find_request", every=At(hour=2, minute=40)),
)
