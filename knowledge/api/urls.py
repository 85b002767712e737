"""Addresses of knowledge in the API."""

from prsystem.core.api.requests import address

from .external import ExternalSearchView
from .lifecycle import LIFE_VIEWS
from .twins import TwinsView
from .views import ArticleDetailView, ArticleListView, PublishView, RestoreView, SearchView, VersionsView

ONE = "conocimiento/<slug:slug>"

urlpatterns = [
    *address("v1/external/conocimiento/buscar", ExternalSearchView.as_view(), "api_external_search"),
    *address("conocimiento", ArticleListView.as_view(), "api_articles"),
    *address("conocimiento/buscar", SearchView.as_view(), "api_search"),
    *address("conocimiento/gemelos", TwinsView.as_view(), "api_twins"),
    *address(ONE, ArticleDetailView.as_view(), "api_article"),
    *address(f"{ONE}/versiones", VersionsView.as_view(), "api_versions"),
    *address(f"{ONE}/publicar", PublishView.as_view(), "api_publish"),
    *address(f"{ONE}/restaurar", RestoreView.as_view(), "api_restore"),
    *(
        pattern
        for name, view in LIFE_VIEWS.items()
        for pattern in address(f"{ONE}/{name}", view.as_view(), f"api_article_{name}")
    ),
]
