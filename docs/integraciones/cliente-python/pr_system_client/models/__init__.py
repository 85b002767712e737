"""Contains all the data models used in inputs/outputs"""

from .action_data_in_request import ActionDataInRequest
from .action_filter_in_request import ActionFilterInRequest
from .action_in_request import ActionInRequest
from .action_out import ActionOut
from .action_row_out import ActionRowOut
from .archived_out import ArchivedOut
from .article_in_request import ArticleInRequest
from .article_line_out import ArticleLineOut
from .article_notice_out import ArticleNoticeOut
from .article_notice_out_tipo_enum import ArticleNoticeOutTipoEnum
from .article_out import ArticleOut
from .assign_in_request import AssignInRequest
from .attachment_out import AttachmentOut
from .blank_enum import BlankEnum
from .calendar_out import CalendarOut
from .close_in_request import CloseInRequest
from .comment_in_request import CommentInRequest
from .comment_out import CommentOut
from .correct_in_request import CorrectInRequest
from .draft_out import DraftOut
from .edition_in_request import EditionInRequest
from .edition_out import EditionOut
from .edition_out_estado_enum import EditionOutEstadoEnum
from .edition_release_in_request import EditionReleaseInRequest
from .emergency_in_request import EmergencyInRequest
from .emergency_out import EmergencyOut
from .ended_out import EndedOut
from .escalate_in_request import EscalateInRequest
from .external_incident_out import ExternalIncidentOut
from .external_report_in_request import ExternalReportInRequest
from .external_report_out import ExternalReportOut
from .external_similar_out import ExternalSimilarOut
from .file_in_request import FileInRequest
from .gap_dismiss_in_request import GapDismissInRequest
from .gap_out import GapOut
from .gap_out_estado_enum import GapOutEstadoEnum
from .gaps_out import GapsOut
from .hallado_por_enum import HalladoPorEnum
from .helped_in_request import HelpedInRequest
from .helped_out import HelpedOut
from .hit_out import HitOut
from .idioma_enum import IdiomaEnum
from .incidencias_listar_orden import IncidenciasListarOrden
from .incident_out import IncidentOut
from .interval_out import IntervalOut
from .learned_out import LearnedOut
from .likely_out import LikelyOut
from .link_in_request import LinkInRequest
from .link_out import LinkOut
from .link_out_tipo_enum import LinkOutTipoEnum
from .linked_out import LinkedOut
from .login_in_request import LoginInRequest
from .manual_detail_out import ManualDetailOut
from .manual_in_request import ManualInRequest
from .manual_out import ManualOut
from .mark_out import MarkOut
from .mark_out_que_enum import MarkOutQueEnum
from .me_out import MeOut
from .meant_out import MeantOut
from .merge_in_request import MergeInRequest
from .modo_enum import ModoEnum
from .motivo_enum import MotivoEnum
from .own_password_in_request import OwnPasswordInRequest
from .own_preferences_in_request import OwnPreferencesInRequest
from .own_preferences_out import OwnPreferencesOut
from .pagina_article_line import PaginaArticleLine
from .pagina_article_notice import PaginaArticleNotice
from .pagina_attachment import PaginaAttachment
from .pagina_comment import PaginaComment
from .pagina_draft import PaginaDraft
from .pagina_incident import PaginaIncident
from .pagina_likely import PaginaLikely
from .pagina_link import PaginaLink
from .pagina_manual import PaginaManual
from .pagina_person import PaginaPerson
from .pagina_session import PaginaSession
from .pagina_similar import PaginaSimilar
from .pagina_term import PaginaTerm
from .pagina_timeline import PaginaTimeline
from .pagina_version import PaginaVersion
from .part_out import PartOut
from .patched_article_change_request import PatchedArticleChangeRequest
from .patched_correction_in_request import PatchedCorrectionInRequest
from .patched_draft_in_request import PatchedDraftInRequest
from .patched_manual_change_in_request import PatchedManualChangeInRequest
from .patched_term_change_in_request import PatchedTermChangeInRequest
from .pause_out import PauseOut
from .pause_out_tipo_enum import PauseOutTipoEnum
from .person_out import PersonOut
from .plazo_enum import PlazoEnum
from .problema import Problema
from .problema_errores import ProblemaErrores
from .publication_out import PublicationOut
from .publish_in_request import PublishInRequest
from .reason_in_request import ReasonInRequest
from .recall_in_request import RecallInRequest
from .refresh_in_request import RefreshInRequest
from .reject_in_request import RejectInRequest
from .report_in_request import ReportInRequest
from .resolve_in_request import ResolveInRequest
from .resolved_out import ResolvedOut
from .restore_in_request import RestoreInRequest
from .resultado_enum import ResultadoEnum
from .reviewed_out import ReviewedOut
from .riesgo_enum import RiesgoEnum
from .search_in_request import SearchInRequest
from .search_out import SearchOut
from .seen_in_request import SeenInRequest
from .session_out import SessionOut
from .session_out_tipo_enum import SessionOutTipoEnum
from .sign_out import SignOut
from .sign_out_tipo_enum import SignOutTipoEnum
from .similar_out import SimilarOut
from .sla_out import SlaOut
from .split_in_request import SplitInRequest
from .targets_out import TargetsOut
from .tema_enum import TemaEnum
from .term_in_request import TermInRequest
from .term_out import TermOut
from .texts_in_request import TextsInRequest
from .timeline_out import TimelineOut
from .timeline_out_detalles import TimelineOutDetalles
from .timeline_out_tipo_enum import TimelineOutTipoEnum
from .timer_out import TimerOut
from .timer_out_estado_enum import TimerOutEstadoEnum
from .tokens_out import TokensOut
from .tried_out import TriedOut
from .twin_out import TwinOut
from .twins_in_request import TwinsInRequest
from .twins_out import TwinsOut
from .usefulness_out import UsefulnessOut
from .version_in_request import VersionInRequest
from .version_out import VersionOut
from .version_release_in_request import VersionReleaseInRequest
from .visibilidad_enum import VisibilidadEnum

__all__ = (
    "ActionDataInRequest",
    "ActionFilterInRequest",
    "ActionInRequest",
    "ActionOut",
    "ActionRowOut",
    "ArchivedOut",
    "ArticleInRequest",
    "ArticleLineOut",
    "ArticleNoticeOut",
    "ArticleNoticeOutTipoEnum",
    "ArticleOut",
    "AssignInRequest",
    "AttachmentOut",
    "BlankEnum",
    "CalendarOut",
    "CloseInRequest",
    "CommentInRequest",
    "CommentOut",
    "CorrectInRequest",
    "DraftOut",
    "EditionInRequest",
    "EditionOut",
    "EditionOutEstadoEnum",
    "EditionReleaseInRequest",
    "EmergencyInRequest",
    "EmergencyOut",
    "EndedOut",
    "EscalateInRequest",
    "ExternalIncidentOut",
    "ExternalReportInRequest",
    "ExternalReportOut",
    "ExternalSimilarOut",
    "FileInRequest",
    "GapDismissInRequest",
    "GapOut",
    "GapOutEstadoEnum",
    "GapsOut",
    "HalladoPorEnum",
    "HelpedInRequest",
    "HelpedOut",
    "HitOut",
    "IdiomaEnum",
    "IncidenciasListarOrden",
    "IncidentOut",
    "IntervalOut",
    "LearnedOut",
    "LikelyOut",
    "LinkInRequest",
    "LinkOut",
    "LinkOutTipoEnum",
    "LinkedOut",
    "LoginInRequest",
    "ManualDetailOut",
    "ManualInRequest",
    "ManualOut",
    "MarkOut",
    "MarkOutQueEnum",
    "MeOut",
    "MeantOut",
    "MergeInRequest",
    "ModoEnum",
    "MotivoEnum",
    "OwnPasswordInRequest",
    "OwnPreferencesInRequest",
    "OwnPreferencesOut",
    "PaginaArticleLine",
    "PaginaArticleNotice",
    "PaginaAttachment",
    "PaginaComment",
    "PaginaDraft",
    "PaginaIncident",
    "PaginaLikely",
    "PaginaLink",
    "PaginaManual",
    "PaginaPerson",
    "PaginaSession",
    "PaginaSimilar",
    "PaginaTerm",
    "PaginaTimeline",
    "PaginaVersion",
    "PartOut",
    "PatchedArticleChangeRequest",
    "PatchedCorrectionInRequest",
    "PatchedDraftInRequest",
    "PatchedManualChangeInRequest",
    "PatchedTermChangeInRequest",
    "PauseOut",
    "PauseOutTipoEnum",
    "PersonOut",
    "PlazoEnum",
    "Problema",
    "ProblemaErrores",
    "PublicationOut",
    "PublishInRequest",
    "ReasonInRequest",
    "RecallInRequest",
    "RefreshInRequest",
    "RejectInRequest",
    "ReportInRequest",
    "ResolveInRequest",
    "ResolvedOut",
    "RestoreInRequest",
    "ResultadoEnum",
    "ReviewedOut",
    "RiesgoEnum",
    "SearchInRequest",
    "SearchOut",
    "SeenInRequest",
    "SessionOut",
    "SessionOutTipoEnum",
    "SignOut",
    "SignOutTipoEnum",
    "SimilarOut",
    "SlaOut",
    "SplitInRequest",
    "TargetsOut",
    "TemaEnum",
    "TermInRequest",
    "TermOut",
    "TextsInRequest",
    "TimelineOut",
    "TimelineOutDetalles",
    "TimelineOutTipoEnum",
    "TimerOut",
    "TimerOutEstadoEnum",
    "TokensOut",
    "TriedOut",
    "TwinOut",
    "TwinsInRequest",
    "TwinsOut",
    "UsefulnessOut",
    "VersionInRequest",
    "VersionOut",
    "VersionReleaseInRequest",
    "VisibilidadEnum",
)
