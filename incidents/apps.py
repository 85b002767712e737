from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Incidents")

    def ready(self) -> None:
        from incidents.notices.services import notices_request
        from integrations.backups.copy.snapshot import register_canaries
        from integrations.backups.failures import register_failure_reporter
        from prsystem.accounts.people import erasing

        from . import metrics
        from .case import events

        events.subscribe(notices_request)
        erasing.register("incidents.erasing.names_blank")
        for table in ("incidents_incident", "incidents_attachment", "incidents_comment"):
            register_canaries(table)
        register_failure_reporter("incidents.intake.self_reports.failure_report")
        self._register_model()
        metrics.register_all()
        self._register_settings()
        self._register_setup()
        self._register_config()
        self._register_tools()
        self._register_pages()

    def _register_model(self) -> None:
        from knowledge.in_use import register_promoted

        register_promoted("incidents.exams.services.promoted")

    def _register_setup(self) -> None:
        from prsystem.runtime.setup import Step, register

        text = _("In which hours the clocks of response targets run. More calendars, shifts and free days come later.")
        register(Step("hours", 30, _("Working hours"), text, "incidents.sla.setup_forms.HoursForm"))

    def _register_settings(self) -> None:
        from incidents.emergencies.site_settings import register_all
        from prsystem.runtime.registry import Kind, Setting, register

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
        from prsystem.core.console.pages import ConsolePage, register

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

        register(Tool("listar_incidencias", "incidents.intake.mcp.listar_incidencias", "incidencias:read"))
        register(Tool("leer_incidencia", "incidents.intake.mcp.leer_incidencia", "incidencias:read"))
        reports = Tool("reportar_incidencia", "incidents.intake.mcp.reportar_incidencia", "incidencias:write", False)
        register(reports)

    def _register_config(self) -> None:
        from prsystem.runtime.config.sections import leave_out, register

        from .config import LEFT_OUT, SECTIONS

        for section in SECTIONS:
            register(section)
        for model, reason in LEFT_OUT.items():
            leave_out(model, reason)
