"""Who may use each address: the one table that every URL of the site must be in (`test_matrix.py` walks both).

A policy says what somebody gets who asks for something of an area, whatever else is wrong with the request:
OK (not refused), DENIED (403), HIDDEN (404: as if it didn't exist), SIGN_IN (to the sign-in, or 401).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from prsystem.accounts.api.people import PERSON_ACTS
from prsystem.core.rights import Rights

OK, DENIED, HIDDEN, SIGN_IN = "ok", "denied", "hidden", "sign-in"
Policy = Callable[[Rights, int], str]


def anyone(rights: Rights, area: int) -> str:
    """Without signing in: sign-in itself, probes, an own token or key in the request."""
    return OK


def door(rights: Rights, area: int) -> str:
    """It leads to the sign-in, or refuses what isn't right, whoever asks."""
    return SIGN_IN


def link_holder(rights: Rights, area: int) -> str:
    """Who holds a secret link needs no account; without the right one there is nothing."""
    return HIDDEN


def of_its_owner(rights: Rights, area: int) -> str:
    """A thing of one person alone: nobody here is that person."""
    return HIDDEN


def person(rights: Rights, area: int) -> str:
    """Whoever is signed in, for things of their own or lists that hold only what they may see."""
    return OK


def support(rights: Rights, area: int) -> str:
    return OK if rights.is_support else HIDDEN


def support_acts(rights: Rights, area: int) -> str:
    return OK if rights.is_support else DENIED


def administrator(rights: Rights, area: int) -> str:
    return OK if rights.is_admin else DENIED


def auditor(rights: Rights, area: int) -> str:
    return OK if rights.reads_audit else DENIED


def incident_seen(rights: Rights, area: int) -> str:
    """Somebody else's incident of the area."""
    return OK if area in rights.reads_incidents else HIDDEN


def incident_worked(rights: Rights, area: int) -> str:
    if area not in rights.reads_incidents:
        return HIDDEN
    return OK if area in rights.works_incidents else DENIED


def source_shown(rights: Rights, area: int) -> str:
    """Of a source that isn't hidden: there is nothing to show again."""
    return DENIED if incident_worked(rights, area) == DENIED else HIDDEN


def board_seen(rights: Rights, area: int) -> str:
    return OK if rights.reads_incidents else HIDDEN


def board_worked(rights: Rights, area: int) -> str:
    if not rights.reads_incidents:
        return HIDDEN
    return OK if rights.works_incidents else DENIED


def board_mail_removed(rights: Rights, area: int) -> str:
    """Somebody else's mail of figures."""
    return OK if rights.is_admin else HIDDEN


def macro_used(rights: Rights, area: int) -> str:
    """A macro for everybody who works in the area."""
    return OK if area in rights.works_incidents else HIDDEN


def macro_removed(rights: Rights, area: int) -> str:
    """It is nobody's own: the console takes it away."""
    return DENIED if area in rights.works_incidents else HIDDEN


def article_seen(rights: Rights, area: int) -> str:
    """A published article that only its area may read."""
    return OK if area in rights.belongs else HIDDEN


def draft_seen(rights: Rights, area: int) -> str:
    return OK if area in rights.reads_drafts else HIDDEN


def drafts_written(rights: Rights, area: int) -> str:
    if area not in rights.belongs:
        return HIDDEN
    return OK if area in rights.writes_drafts else DENIED


def draft_discarded(rights: Rights, area: int) -> str:
    """Somebody else's draft."""
    if area not in rights.reads_drafts:
        return HIDDEN
    return OK if area in rights.publishes else DENIED


def area_written(rights: Rights, area: int) -> str:
    """A page for whoever writes for any area."""
    return OK if rights.writes_drafts else DENIED


def area_published(rights: Rights, area: int) -> str:
    return OK if rights.publishes else DENIED


def versions_published(rights: Rights, area: int) -> str:
    if area not in rights.belongs:
        return HIDDEN
    return OK if area in rights.publishes else DENIED


def version_incidents(rights: Rights, area: int) -> str:
    if area not in rights.belongs:
        return HIDDEN
    return OK


def gap_worked(rights: Rights, area: int) -> str:
    return OK if area in rights.publishes else HIDDEN


def article_created(rights: Rights, area: int) -> str:
    return OK if area in rights.writes_drafts else DENIED


def term_added(rights: Rights, area: int) -> str:
    return OK if area in rights.publishes else DENIED


def reports(rights: Rights, area: int) -> str:
    return OK if area in rights.belongs else DENIED


@dataclass(frozen=True)
class Use:
    """One method of an address. `body` may hold the names of the world (see `world.py`) in braces."""

    policy: Policy
    method: str = "get"
    body: dict[str, Any] = field(default_factory=dict)


def get(policy: Policy) -> list[Use]:
    return [Use(policy)]


def post(policy: Policy, **body: Any) -> list[Use]:
    return [Use(policy, "post", body)]


REASON = {"motivo": "Falta una pieza"}
TEXTS = {"titulo": "Bomba sin presión", "problema": "No sube la presión", "solucion": "Purgar", "area": "{area}"}

PAGES: dict[str, list[Use]] = {
    "manifest": get(anyone),
    "service_worker": get(anyone),
    "offline": get(anyone),
    "offline_person": get(person),
    "sign_in": get(anyone),
    "theme_set": post(anyone, theme="dark"),
    "language_set": post(anyone, language="es"),
    "first_administrator": get(link_holder),
    "second_step": [*get(door), *post(door)],
    "second_factor": [*get(person), *post(person)],
    "home": get(person),
    "account": [*get(person), *post(person)],
    "sessions_end": post(person, sesion="x"),
    "search": get(person),
    "audit_trail": get(auditor),
    "audit_entry": get(auditor),
    "audit_export": post(auditor),
    "audit_verify": post(auditor),
    "incident_list": get(person),
    "incident_queue": get(support),
    "incident_report": [*get(person), *post(person)],
    "report_hits": post(person, titulo="bomba"),
    "report_helped": post(article_seen, articulo="{slug}"),
    "incidents_action": post(support_acts, accion="tomar", ids=["{id}"]),
    "incident_detail": get(incident_seen),
    "incident_action": post(incident_worked),
    "incident_edit": get(incident_worked),
    "incident_split": get(incident_worked),
    "incident_people": get(incident_seen),
    "incident_file": get(incident_seen),
    "incident_similar": get(incident_seen),
    "incident_sla": get(incident_seen),
    "incident_suggestion": get(incident_seen),
    "suggestion_record": get(incident_seen),
    "suggestion_replay": post(incident_worked),
    "suggestion_rating": post(incident_seen, util="si"),
    "suggestion_again": post(incident_worked),
    "source_act": post(incident_worked, **REASON),
    "incident_emergency": post(incident_worked, activa="no"),
    "article_list": get(person),
    "article_detail": get(article_seen),
    "article_archive": post(versions_published, **REASON),
    "article_unarchive": post(versions_published, **REASON),
    "article_reviewed": post(versions_published),
    "gap_list": get(person),
    "gap_action": post(gap_worked, accion="borrador"),
    "article_feedback": post(article_seen, util="si"),
    "version_detail": get(article_seen),
    "version_diff": get(draft_seen),
    "version_incidents": get(version_incidents),
    "version_publish": post(versions_published),
    "version_reject": post(versions_published, **REASON),
    "version_release": post(versions_published, **REASON),
    "version_restore": post(versions_published),
    "version_recall": post(versions_published, **REASON),
    "version_submit": post(drafts_written),
    # Another area is no choice of the form: refused there, as one that doesn't exist.
    "article_new": [*get(area_written), *post(area_written, titulo="Bomba", area="{area}", visibilidad="area")],
    "article_twins": post(person, titulo="La bomba no sube"),
    "article_preview": post(person, titulo="Bomba"),
    "article_edit": post(drafts_written),
    "article_correct": [*get(versions_published), *post(versions_published, base="{number}")],
    "article_details": post(versions_published, area="{area}", visibilidad="area"),
    "draft_edit": [*get(drafts_written), *post(drafts_written, revision="0", titulo="Otra")],
    "draft_return": post(versions_published, **REASON),
    "draft_rebase": post(drafts_written, sobre="1.1"),
    "draft_discard": post(draft_discarded),
    "draft_list": get(area_written),
    "review_list": get(area_published),
    "drafts_publish": post(area_published),
    "glossary": [*get(person), *post(person)],
    "glossary_term": [*get(versions_published), *post(versions_published)],
    "glossary_delete": post(versions_published),
    "manual_list": [*get(person), *post(person)],
    "manual_detail": get(article_seen),
    "manual_edition": post(versions_published),
    "manual_visibility": post(versions_published, visibilidad="soporte"),
    "manual_delete": post(versions_published),
    "manual_file": get(article_seen),
    "manual_release": post(versions_published, **REASON),
    "notice_done": post(of_its_owner),
    "notice_list": get(person),
    "notice_open": get(person),
    "notice_count": get(person),
    "notices_read_all": post(person),
    "notice_preferences": [*get(person), *post(person)],
    "load_list": get(support),
    "board": get(board_seen),
    "board_export": get(board_seen),
    "shift": [*get(board_seen), *post(board_worked, nota="Falta la pieza")],
    "board_mails": [*get(board_seen), *post(board_seen, que="tablero", ritmo="diario")],
    "board_mail_remove": post(board_mail_removed),
    "view_list": get(person),
    "view_save": post(person, nombre="Mis pendientes"),
    "saved_view": get(of_its_owner),
    "view_remove": post(of_its_owner),
    "incident_presence": post(incident_worked),
    "macro_list": [*get(support), *post(support, nombre="Pedir foto", texto="¿Hay foto?")],
    "macro_apply": post(incident_seen),  # what isn't allowed is told on the page that it leads back to
    "macro_remove": post(macro_removed),
    "checklist_action": post(incident_seen, accion="agregar", paso="Medir"),
}
API: dict[str, list[Use]] = {
    "api_logout": post(anyone, refresh="x"),
    "api_refresh": post(door, refresh="x"),
    "api_me": get(person),
    "api_docs": get(person),
    "api_schema": get(person),
    "api_health": get(anyone),
    "api_ready": get(anyone),
    "api_health_detailed": get(administrator),
    "api_incidents": [*get(person), *post(reports, titulo="Bomba parada", descripcion="No gira", area="{area}")],
    "api_incident_actions": post(person, accion="tomar", ids=["{id}"]),
    "api_incident": [*get(incident_seen), Use(incident_worked, "patch", {"titulo": "Otro título"})],
    "api_incident_attachments": [*get(incident_seen), *post(incident_seen)],
    "api_incident_attachment": get(incident_seen),
    "api_incident_comments": [*get(incident_seen), *post(incident_worked, cuerpo="Visto")],
    "api_incident_people": get(incident_seen),
    "api_incident_timeline": get(incident_seen),
    "api_incident_similar": get(incident_seen),
    "api_incident_sla": get(incident_seen),
    "api_incident_duplicates": get(incident_seen),
    "api_incident_links": [*get(incident_seen), *post(incident_worked, incidencia="{other_id}")],
    "api_incident_link": [Use(incident_worked, "delete")],
    "api_incident_split": post(incident_worked, titulo="Otra", descripcion="Otra cosa"),
    "api_incident_asignar": post(incident_worked, asignado_a="{worker}"),
    "api_incident_cerrar": post(incident_worked),
    "api_incident_deshacer-fusion": post(incident_seen),  # of one that isn't merged: 409 before anything else
    "api_incident_escalar": post(incident_worked, **REASON),
    "api_incident_esperar": post(incident_worked, **REASON),
    "api_incident_fusionar": post(incident_worked, en="{other_id}"),
    "api_incident_reabrir": post(incident_worked, **REASON),
    "api_incident_reanudar": post(incident_worked),
    "api_incident_resolver": post(incident_worked, solucion="Purgar el circuito y volver a arrancar."),
    "api_incident_soltar": post(incident_worked),
    "api_incident_tomar": post(incident_worked),
    "api_suggestion_record": [*get(incident_seen), *post(incident_worked)],
    "api_suggestion": [*get(incident_seen), *post(incident_worked)],
    "api_suggestion_rating": post(incident_seen, util=True),
    "api_answers": get(administrator),
    "api_answer_cases": get(administrator),
    "api_answer_edits": get(administrator),
    "api_answer_edits_export": get(administrator),
    "api_source_hide": post(incident_worked, articulo="{slug}"),
    "api_source_show": post(source_shown, articulo="{slug}"),
    "api_source_report": post(incident_worked, articulo="{slug}", **REASON),
    "api_articles": [*get(person), *post(article_created, **TEXTS)],
    "api_glossary": [*get(person), *post(term_added, termino="Torno", nombres=["el loco"], area="{area}")],
    "api_glossary_try": get(person),
    "api_glossary_term": [
        *get(article_seen),
        Use(versions_published, "patch", {"nota": "CNC"}),
        Use(versions_published, "delete"),
    ],
    "api_manuals": [*get(person), *post(person)],
    "api_manual": [
        *get(article_seen),
        Use(versions_published, "patch", {"visibilidad": "soporte"}),
        Use(versions_published, "delete"),
    ],
    "api_manual_editions": post(versions_published),
    "api_manual_file": get(article_seen),
    "api_manual_release": post(versions_published, **REASON),
    "api_article": [*get(article_seen), Use(versions_published, "patch", {"visibilidad": "soporte"})],
    "api_article_archivar": post(versions_published, **REASON),
    "api_article_descartar": post(draft_discarded, version="{draft}"),
    "api_article_devolver": post(versions_published, version="{draft}", **REASON),
    "api_article_desarchivar": post(versions_published, **REASON),
    "api_article_liberar": post(versions_published, version="{draft}", **REASON),
    "api_article_rechazar": post(versions_published, version="{draft}", **REASON),
    "api_article_retirar": post(versions_published, version="{number}", **REASON),
    "api_article_revision": post(drafts_written, version="{draft}"),
    "api_publish": post(versions_published, version="{draft}"),
    "api_restore": post(versions_published, version="{older}"),
    "api_versions": [*get(article_seen), *post(drafts_written, causa="Aire")],
    "api_version_incidents": get(version_incidents),
    "api_search": [*get(person), *post(person, query="bomba")],
    "api_gaps": get(person),
    "api_gap_draft": post(gap_worked),
    "api_gap_dismiss": post(gap_worked, **REASON),
    "api_gap_reopen": post(gap_worked),
    "api_twins": post(person, titulo="Bomba", problema="No arranca", solucion="Purgar"),
    "api_notices": get(person),
    "api_notice_read": post(of_its_owner),
    "api_notices_read": post(person),
    "api_notice_preferences": get(person),
    "api_model_nodes": get(administrator),
    "api_model_node": [Use(administrator, "patch", {"estado": "activo"})],
    "api_load": get(support_acts),
    "api_board": get(board_seen),
    "api_shift": get(board_seen),
    "api_shift_notes": post(incident_worked, area="{area}", nota="Falta la pieza"),
    "api_board_mails": [*get(board_seen), *post(board_seen, que="tablero", ritmo="diario")],
    "api_board_mail": [Use(board_mail_removed, "delete")],
    "api_saved_views": [*get(person), *post(person, nombre="Mis pendientes")],
    "api_saved_view": [*get(of_its_owner), Use(of_its_owner, "delete")],
    "api_incident_presence": post(incident_worked),
    "api_incident_emergency": post(incident_worked, activa=False),
    "api_macros": [*get(support_acts), *post(support_acts, nombre="Pedir foto", texto="¿Hay foto?")],
    "api_macro": [Use(macro_removed, "delete")],
    "api_incident_macro": post(macro_used),
    "api_incident_checklist": [*get(incident_seen), *post(incident_worked, paso="Medir")],
    "api_incident_step": [Use(incident_worked, "delete"), Use(incident_worked, "patch", {"hecho": True})],
    "api_keys": [*get(administrator), *post(administrator, nombre="ERP", scopes=["conocimiento:read"])],
    "api_key": [*get(administrator), Use(administrator, "patch", {"nombre": "MES"})],
    "api_key_rotate": post(administrator),
    "api_key_revoke": post(administrator),
    "api_endpoints": [*get(administrator), *post(administrator, nombre="mes", url="https://mes.example/hook")],
    "api_endpoint": [*get(administrator), Use(administrator, "patch", {"en_orden": True})],
    "api_endpoint_on": post(administrator),
    "api_endpoint_off": post(administrator),
    "api_endpoint_rotate": post(administrator),
    "api_endpoint_test": post(administrator),
    "api_endpoint_resend": post(administrator, desde="2026-01-01T00:00:00Z", hasta="2026-01-02T00:00:00Z"),
    "api_deliveries": get(administrator),
    "api_delivery": get(administrator),
    "api_delivery_resend": post(administrator),
    "api_trail": get(auditor),
    "api_trail_entry": get(auditor),
    "api_trail_export": get(auditor),
    "api_trail_verify": post(auditor),
    "api_article_helped": post(article_seen, util=True),
    "api_article_reviewed": post(versions_published),
    "api_article_notices": get(person),
    "api_article_notice_done": post(of_its_owner),
    "api_version": [*get(article_seen), Use(drafts_written, "patch", {"version": 0, "causa": "Aire"})],
    "api_drafts": get(person),
    "api_reviews": get(person),
    "api_article_correct": post(versions_published, version="{number}", causa="Aire"),
    "api_chat_models": [*get(administrator), *post(administrator, nombre="qwen3:8b")],
    "api_chat_model_examine": post(administrator),
    "api_chat_model_promote": post(administrator),
    "api_jobs": get(administrator),
    "api_jobs_retry": post(administrator),
    "api_job_retry": post(administrator),
    "api_backups": get(administrator),
    "api_backup_now": post(administrator),
    "api_backup_release": post(administrator),
    "api_backup_verify": post(administrator),
    "api_mails": get(administrator),
    "api_mail_again": post(administrator),
    "api_own_preferences": post(person, tema="dark"),
    "api_own_password": post(person, actual="La-de-ahora-2026", contrasena="Otra-palabra-2026"),
    "api_own_sessions": get(person),
    "api_own_sessions_end": post(person),
    "api_own_session_end": post(of_its_owner),
    "api_directory_sync": post(administrator),
    "api_people": [*get(administrator), *post(administrator, usuario="nueva", roles=["l1@{area}"])],
    "api_person": [*get(administrator), Use(administrator, "patch", {"nombre": "Otro"})],
    **{f"api_person_{name}": post(administrator) for name in PERSON_ACTS},
    "api_person_contrasena": post(administrator, contrasena="Otra-palabra-2026"),
    "api_sections": get(administrator),
    "api_section": [*get(administrator), Use(administrator, "put", {"elementos": [], "ensayo": True})],
    "api_settings": get(administrator),
    "api_setting": [*get(administrator), Use(administrator, "put", {"valor": "Planta"}), Use(administrator, "delete")],
}
# Another right than a person's: tested beside the code that gives it.
ELSEWHERE = {
    "api_external_incidents": "tests/integrations/external",
    "api_external_incident": "tests/integrations/external",
    "api_external_search": "tests/integrations/external",
    "mcp": "tests/integrations/mcp",
    "sign_out": "tests/pages/test_account_pages.py",
    "api_login": "tests/accounts/test_sign_in_api.py",
    "metrics": "tests/core/health/test_health_api.py",
    "favicon.ico": "an icon",
}
# Actions on many incidents answer for each of them: `test_bulk_actions_obey_each_incident`.
OPEN_TO_ALL = (anyone, link_holder)
POLICIES = {**PAGES, **API}
