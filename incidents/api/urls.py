"""Addresses of incidents in the API."""

from incidents.answers.edits_api import EditsExportView, EditsView
from incidents.answers.figures_api import AnswerCasesView, AnswersView
from incidents.board.api import BoardView
from incidents.desk.api import LoadView, PresenceView, ViewsView, ViewView
from incidents.emergencies.api import EmergencyView
from incidents.exams.api import CandidatesView, ExamineView, PromoteView
from incidents.gaps.api import GapDismissView, GapDraftView, GapReopenView, GapsView
from incidents.intake.external_api import ExternalIncidentView, ExternalReportView
from incidents.macros.api import ApplyView, ChecklistView, MacrosView, MacroView, StepView
from incidents.notices.api import NoticePreferencesView, NoticeReadView, NoticesReadView, NoticesView
from incidents.shifts.api import BoardMailsView, BoardMailView, ShiftNotesView, ShiftView
from incidents.sla.api import SlaView
from incidents.suggestions.api import RatingView, SuggestionView
from incidents.suggestions.hiding_api import HideView, ReportView, ShowView
from incidents.suggestions.record_api import RecordView
from prsystem.core.api.requests import address

from .actions import ActionsView
from .answered import AnsweredView
from .conversation import AttachmentFileView, AttachmentsView, CommentsView, PeopleView
from .links import LinksView, LinkView, SplitView
from .moves import move_addresses
from .views import DuplicatesView, IncidentDetailView, IncidentListView, SimilarView, TimelineView

ONE = "incidencias/<str:id>"

urlpatterns = [
    *address("tablero", BoardView.as_view(), "api_board"),
    *address("tablero/turno", ShiftView.as_view(), "api_shift"),
    *address("tablero/turno/notas", ShiftNotesView.as_view(), "api_shift_notes"),
    *address("tablero/informes", BoardMailsView.as_view(), "api_board_mails"),
    *address("tablero/informes/<int:n>", BoardMailView.as_view(), "api_board_mail"),
    *address("modelos", CandidatesView.as_view(), "api_chat_models"),
    *address("modelos/<int:n>/examinar", ExamineView.as_view(), "api_chat_model_examine"),
    *address("modelos/<int:n>/promover", PromoteView.as_view(), "api_chat_model_promote"),
    *address("respuestas", AnswersView.as_view(), "api_answers"),
    *address("respuestas/casos", AnswerCasesView.as_view(), "api_answer_cases"),
    *address("respuestas/cambios", EditsView.as_view(), "api_answer_edits"),
    *address("respuestas/cambios/exportar", EditsExportView.as_view(), "api_answer_edits_export"),
    *address("carga", LoadView.as_view(), "api_load"),
    *address("vistas", ViewsView.as_view(), "api_saved_views"),
    *address("vistas/<slug:slug>", ViewView.as_view(), "api_saved_view"),
    *address("macros", MacrosView.as_view(), "api_macros"),
    *address("macros/<int:n>", MacroView.as_view(), "api_macro"),
    *address(f"{ONE}/macros/<int:n>", ApplyView.as_view(), "api_incident_macro"),
    *address(f"{ONE}/pasos", ChecklistView.as_view(), "api_incident_checklist"),
    *address(f"{ONE}/pasos/<int:n>", StepView.as_view(), "api_incident_step"),
    *address(f"{ONE}/presencia", PresenceView.as_view(), "api_incident_presence"),
    *address("avisos", NoticesView.as_view(), "api_notices"),
    *address("avisos/leidos", NoticesReadView.as_view(), "api_notices_read"),
    *address("avisos/preferencias", NoticePreferencesView.as_view(), "api_notice_preferences"),
    *address("avisos/<int:n>/leido", NoticeReadView.as_view(), "api_notice_read"),
    *address(
        "conocimiento/<slug:slug>/versiones/<str:number>/incidencias", AnsweredView.as_view(), "api_version_incidents"
    ),
    *address("huecos", GapsView.as_view(), "api_gaps"),
    *address("huecos/<int:gap_id>/borrador", GapDraftView.as_view(), "api_gap_draft"),
    *address("huecos/<int:gap_id>/descartar", GapDismissView.as_view(), "api_gap_dismiss"),
    *address("huecos/<int:gap_id>/recuperar", GapReopenView.as_view(), "api_gap_reopen"),
    *address("v1/external/incidencias", ExternalReportView.as_view(), "api_external_incidents"),
    *address("v1/external/incidencias/<str:id>", ExternalIncidentView.as_view(), "api_external_incident"),
    *address("incidencias", IncidentListView.as_view(), "api_incidents"),
    *address("incidencias/acciones", ActionsView.as_view(), "api_incident_actions"),
    *address(ONE, IncidentDetailView.as_view(), "api_incident"),
    *move_addresses(),
    *address(f"{ONE}/emergencia", EmergencyView.as_view(), "api_incident_emergency"),
    *address(f"{ONE}/comentarios", CommentsView.as_view(), "api_incident_comments"),
    *address(f"{ONE}/personas", PeopleView.as_view(), "api_incident_people"),
    *address(f"{ONE}/adjuntos", AttachmentsView.as_view(), "api_incident_attachments"),
    *address(f"{ONE}/adjuntos/<int:n>", AttachmentFileView.as_view(), "api_incident_attachment"),
    *address(f"{ONE}/sugerencia", SuggestionView.as_view(), "api_suggestion"),
    *address(f"{ONE}/sugerencia/registro", RecordView.as_view(), "api_suggestion_record"),
    *address(f"{ONE}/sugerencia/valoracion", RatingView.as_view(), "api_suggestion_rating"),
    *address(f"{ONE}/sugerencia/ocultar", HideView.as_view(), "api_source_hide"),
    *address(f"{ONE}/sugerencia/mostrar", ShowView.as_view(), "api_source_show"),
    *address(f"{ONE}/sugerencia/reportar", ReportView.as_view(), "api_source_report"),
    *address(f"{ONE}/enlaces", LinksView.as_view(), "api_incident_links"),
    *address(f"{ONE}/enlaces/<int:n>", LinkView.as_view(), "api_incident_link"),
    *address(f"{ONE}/dividir", SplitView.as_view(), "api_incident_split"),
    *address(f"{ONE}/historial", TimelineView.as_view(), "api_incident_timeline"),
    *address(f"{ONE}/duplicadas", DuplicatesView.as_view(), "api_incident_duplicates"),
    *address(f"{ONE}/sla", SlaView.as_view(), "api_incident_sla"),
    *address(f"{ONE}/similares", SimilarView.as_view(), "api_incident_similar"),
]
