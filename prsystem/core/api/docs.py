"""The OpenAPI document and the interactive page, for those who have signed in."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView


class _ProblemsAsJSON(APIView):
    """These views render YAML and HTML; their errors are problem documents like all others."""

    def handle_exception(self, exc: Exception) -> Response:
        self.request.accepted_renderer = JSONRenderer()
        self.request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)


class SchemaView(_ProblemsAsJSON, SpectacularAPIView):
    """OpenAPI 3.1 in YAML, or JSON for those who accept it."""

    permission_classes = [IsAuthenticated]


class DocsView(_ProblemsAsJSON, SpectacularSwaggerSplitView):
    """Swagger UI from our own static files; its script is a file of its own, as the policy of the site demands."""

    permission_classes = [IsAuthenticated]
    template_name = "api_docs.html"
    url_name = "api_schema"

    def handle_exception(self, exc: Exception) -> Response | HttpResponse:
        if isinstance(exc, NotAuthenticated) and "text/html" in self.request.headers.get("Accept", ""):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)
