from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Incidents")

    def ready(self) -> None:
        from integrations.backups.failures import register_failure_reporter
        from integrations.backups.snapshot import register_canaries
        from prsystem.accounts import erasing
        from prsystem.core import queue

        from . import metrics

        erasing.register("incidents.services.erasing.names_blank")
        for table in ("incidents_incident", "incidents_attachment", "incidents_comment"):
            register_canaries(table)
        register_failure_reporter("incidents.services.self_reports.failure_report")
        queue.register(
            "incident.assist",
            "incidents.services.assist.incident_assist",
            when_parked="incidents.services.assist.incident_assist_fail",
        )
        queue.register("attachment.scan", "incidents.services.scanning.attachment_scan")
        queue.register("incident.announce", "incidents.services.maintenance.incident_announce")
        queue.register("version.recalled", "incidents.services.recalling.version_recall_tell")
        queue.register(
            "suggestion.draft",
            "incidents.services.suggesting.suggestion_draft",
            when_parked="incidents.services.suggesting.suggestion_fail",
        )
        examining = "incidents.services.examining"
        queue.register("exam.nightly", f"{examining}.exam_nightly", seconds=3 * 3600)
        queue.register("exam.embedder", f"{examining}.embedder_examine", seconds=3 * 3600)
        queue.register("exam.candidate", f"{examining}.candidate_examine", seconds=3 * 3600)
        self._register_model()
        queue.register("suggestion.draft_for_support", "incidents.services.suggesting.suggestion_draft_for_support")
        queue.register("suggestion.replay", "incidents.services.replaying.suggestion_replay")
        queue.register("incident.notify", "incidents.services.notifying.incident_notify")
        queue.register("notice.mail", "incidents.services.mailing.notification_mail")
        queue.register("notice.digest", "incidents.services.mailing.digest_mail")
        queue.register("board.mail", "incidents.services.board_mailing.board_mail_send")
        queue.register("mail.receive", "incidents.services.mail_intake.mail_receive")
        queue.register("gaps.find", "incidents.services.gaps.gaps_find", seconds=1800)
        drafting = "incidents.services.gap_drafting"
        queue.register("gap.draft", f"{drafting}.gap_draft", when_parked=f"{drafting}.gap_draft_fail")
        queue.register("incident.vectors", "incidents.services.meaning.vectors_fill", seconds=1800)
        queue.register("triage.learn", "incidents.services.learning.triage_learn")
        queue.register("sla.recompute", "incidents.services.recomputing.sla_recompute")
        metrics.register_all()
        self._register_settings()
        self._register_setup()
        self._register_config()
        self._register_tools()
        self._register_pages()

    def _register_model(self) -> None:
        from knowledge.in_use import register_promoted

        register_promoted("incidents.services.examining.promoted")

    def _register_setup(self) -> None:
        from prsystem.runtime.setup import Step, register

        text = _("In which hours the clocks of response targets run. More calendars, shifts and free days come later.")
        register(Step("hours", 30, _("Working hours"), text, "incidents.setup_forms.HoursForm"))

    def _register_settings(self) -> None:
        from prsystem.runtime.registry import Kind, Setting, register

        from .emergencies.site_settings import register_all

        register_all()

        register(
            Setting(
                key="suggestions.enabled",
                kind=Kind.BOOLEAN,
                default=True,
                label=_("Proposed solutions"),
                group=_("Features"),
                help=_("A solution with citations for every new report. Priorities are proposed in any case."),
            ),
            Setting(
                key="deflection.enabled",
                kind=Kind.BOOLEAN,
                default=True,
                label=_("Known solutions while reporting"),
                group=_("Features"),
                help=_("Shows articles that may answer what is being typed, before an incident is opened."),
            ),
        )

    def _register_pages(self) -> None:
        from prsystem.core.console_pages import ConsolePage, register

        pages, edits = "incidents.answers.console", "incidents.answers.edits_console"
        register(
            ConsolePage("respuestas/", f"{pages}.answers", "answers", _("Usefulness of the answers"), "knowledge"),
            ConsolePage("respuestas/casos/", f"{pages}.answer_cases", "answer_cases"),
            ConsolePage("respuestas/cambios/", f"{edits}.answer_edits", "answer_edits"),
            ConsolePage("respuestas/cambios.<slug:form>", f"{edits}.answer_edits_export", "answer_edits_export"),
            ConsolePage("respuestas/cambios/<slug:slug>/", f"{edits}.answer_edits_of", "answer_edits_of"),
        )

    def _register_tools(self) -> None:
        from integrations.mcp.registry import Tool, register

        register(Tool("listar_incidencias", "incidents.api.mcp.listar_incidencias", "incidencias:read"))
        register(Tool("leer_incidencia", "incidents.api.mcp.leer_incidencia", "incidencias:read"))
        reports = Tool("reportar_incidencia", "incidents.api.mcp.reportar_incidencia", "incidencias:write", False)
        register(reports)

    def _register_config(self) -> None:
        from prsystem.runtime.config.sections import leave_out, register

        from .config import LEFT_OUT, SECTIONS

        for section in SECTIONS:
            register(section)
        for model, reason in LEFT_OUT.items():
            leave_out(model, reason)
