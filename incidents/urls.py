"""Addresses of the incident pages."""

from django.urls import path

from incidents.emergencies.views import incident_emergency
from incidents.suggestions.hiding_views import source_act

from .board import views as board
from .gaps import views as gaps
from .macros import views as macros
from .notices import views as notices
from .shifts import mail_views as board_mails
from .shifts import views as shifts
from .sla import views as sla
from .suggestions import record_views as record
from .views import actions, answered, bulk, desk, detail, edit, lists, report, search, split, work

urlpatterns = [
    path("incidencias/<str:number>/plazos", sla.incident_sla, name="incident_sla"),
    path("tablero/", board.board_page, name="board"),
    path("tablero/exportar", board.board_export, name="board_export"),
    path("tablero/turno/", shifts.shift_page, name="shift"),
    path("cuenta/informes", board_mails.board_mail_list, name="board_mails"),
    path("cuenta/informes/<int:board_mail_id>/quitar", board_mails.board_mail_drop, name="board_mail_remove"),
    path("", work.home, name="home"),
    path("avisos/", notices.notice_list, name="notice_list"),
    path("avisos/contador", notices.notice_count, name="notice_count"),
    path("avisos/leidos", notices.notices_read_all, name="notices_read_all"),
    path("avisos/<int:notice_id>", notices.notice_open, name="notice_open"),
    path("cuenta/avisos", notices.notice_preferences, name="notice_preferences"),
    path("buscar", search.search, name="search"),
    path(
        "conocimiento/<slug:slug>/versiones/<str:number>/incidencias",
        answered.version_incidents,
        name="version_incidents",
    ),
    path("huecos/", gaps.gap_list, name="gap_list"),
    path("huecos/<int:gap_id>", gaps.gap_action, name="gap_action"),
    path("incidencias/", lists.incident_list, name="incident_list"),
    path("incidencias/nueva", report.incident_new, name="incident_report"),
    path("incidencias/nueva/parecidos", report.report_hits, name="report_hits"),
    path("incidencias/nueva/resuelto", report.report_helped, name="report_helped"),
    path("incidencias/acciones", bulk.incidents_action, name="incidents_action"),
    path("incidencias/<str:number>/", detail.incident_detail, name="incident_detail"),
    path("incidencias/<str:number>/emergencia", incident_emergency, name="incident_emergency"),
    path("incidencias/<str:number>/sugerencia", detail.incident_suggestion, name="incident_suggestion"),
    path("incidencias/<str:number>/sugerencia/registro", record.suggestion_record, name="suggestion_record"),
    path("incidencias/<str:number>/sugerencia/repetir", record.suggestion_replay, name="suggestion_replay"),
    path("incidencias/<str:number>/sugerencia/otra", actions.suggestion_again, name="suggestion_again"),
    path(
        "incidencias/<str:number>/sugerencia/<int:suggestion_id>", actions.suggestion_rating, name="suggestion_rating"
    ),
    path("incidencias/<str:number>/fuentes/<slug:slug>/<slug:act>", source_act, name="source_act"),
    path("carga/", desk.load_list, name="load_list"),
    path("macros/", macros.macro_list, name="macro_list"),
    path("macros/<int:macro_id>/borrar", macros.macro_remove, name="macro_remove"),
    path("incidencias/<str:number>/macros/<int:macro_id>", macros.macro_apply, name="macro_apply"),
    path("incidencias/<str:number>/pasos", macros.checklist_action, name="checklist_action"),
    path("vistas/", desk.view_list, name="view_list"),
    path("vistas/guardar", desk.view_save, name="view_save"),
    path("vistas/<slug:slug>/", desk.saved_view, name="saved_view"),
    path("vistas/<slug:slug>/borrar", desk.view_remove, name="view_remove"),
    path("incidencias/<str:number>/presencia", desk.incident_presence, name="incident_presence"),
    path("incidencias/<str:number>/personas", detail.incident_people, name="incident_people"),
    path("incidencias/<str:number>/parecidas", detail.incident_similar, name="incident_similar"),
    path("incidencias/<str:number>/archivos/<int:file_id>", detail.incident_file, name="incident_file"),
    path("incidencias/<str:number>/editar", edit.incident_edit, name="incident_edit"),
    path("incidencias/<str:number>/dividir", split.incident_divide, name="incident_split"),
    path("incidencias/<str:number>/<slug:action>", actions.incident_action, name="incident_action"),
    path("colas/<str:level>/", lists.incident_queue, name="incident_queue"),
]
