"""Addresses of knowledge in the API."""

from prsystem.core.api.requests import address

from ..writing.api import CorrectView, DraftsView, ReviewsView, VersionsView, VersionView
from .caring import ArticleNoticesView, HelpedView, NoticeDoneView, ReviewedView
from .external import ExternalSearchView
from .glossary import GlossaryTryView, GlossaryView, TermView
from .lifecycle import LIFE_VIEWS
from .manuals import EditionReleaseView, EditionsView, ManualFileView, ManualsView, ManualView
from .twins import TwinsView
from .views import ArticleDetailView, ArticleListView, PublishView, RestoreView, SearchView

ONE = "conocimiento/<slug:slug>"
MANUAL = "conocimiento/manuales/<slug:slug>"

urlpatterns = [
    *address("v1/external/conocimiento/buscar", ExternalSearchView.as_view(), "api_external_search"),
    *address("conocimiento", ArticleListView.as_view(), "api_articles"),
    *address("conocimiento/buscar", SearchView.as_view(), "api_search"),
    *address("conocimiento/gemelos", TwinsView.as_view(), "api_twins"),
    *address("conocimiento/borradores", DraftsView.as_view(), "api_drafts"),
    *address("conocimiento/por-revisar", ReviewsView.as_view(), "api_reviews"),
    *address("conocimiento/glosario", GlossaryView.as_view(), "api_glossary"),
    *address("conocimiento/glosario/probar", GlossaryTryView.as_view(), "api_glossary_try"),
    *address("conocimiento/glosario/<int:n>", TermView.as_view(), "api_glossary_term"),
    *address("conocimiento/manuales", ManualsView.as_view(), "api_manuals"),
    *address(MANUAL, ManualView.as_view(), "api_manual"),
    *address(f"{MANUAL}/ediciones", EditionsView.as_view(), "api_manual_editions"),
    *address(f"{MANUAL}/ediciones/<int:edition>", ManualFileView.as_view(), "api_manual_file"),
    *address(f"{MANUAL}/ediciones/<int:edition>/liberar", EditionReleaseView.as_view(), "api_manual_release"),
    *address(ONE, ArticleDetailView.as_view(), "api_article"),
    *address("avisos/conocimiento", ArticleNoticesView.as_view(), "api_article_notices"),
    *address("avisos/conocimiento/<int:n>/hecho", NoticeDoneView.as_view(), "api_article_notice_done"),
    *address(f"{ONE}/valoracion", HelpedView.as_view(), "api_article_helped"),
    *address(f"{ONE}/revisado", ReviewedView.as_view(), "api_article_reviewed"),
    *address(f"{ONE}/versiones/<str:number>", VersionView.as_view(), "api_version"),
    *address(f"{ONE}/versiones", VersionsView.as_view(), "api_versions"),
    *address(f"{ONE}/corregir", CorrectView.as_view(), "api_article_correct"),
    *address(f"{ONE}/publicar", PublishView.as_view(), "api_publish"),
    *address(f"{ONE}/restaurar", RestoreView.as_view(), "api_restore"),
    *(
        pattern
        for name, view in LIFE_VIEWS.items()
        for pattern in address(f"{ONE}/{name}", view.as_view(), f"api_article_{name}")
    ),
]
