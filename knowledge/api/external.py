"""Search of knowledge for other systems, with an API key."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from integrations.api_keys.authentication import ApiKeyAuthentication, HasScope
from integrations.api_keys.models import Scope
from prsystem.core.api.fields import Text
from prsystem.core.api.requests import caller, query_of

from ..services.search import QUERY_LENGTH, knowledge_search
from .serializers import MAX_HITS, SearchOut
from .shapes import hit_out


class ExternalSearchQuery(serializers.Serializer):
    query = Text(max_length=QUERY_LENGTH, allow_blank=False, trim_whitespace=True)
    limit = serializers.IntegerField(min_value=1, max_value=MAX_HITS, default=5)


class ExternalSearchView(APIView):
    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [HasScope]
    scope = Scope.KNOWLEDGE

    @extend_schema(
        operation_id="externo_buscar", tags=["externo"], parameters=[ExternalSearchQuery], responses=SearchOut
    )
    def get(self, request: Request) -> Response:
        """What everybody may read and what belongs to the key's areas."""
        given = query_of(request, ExternalSearchQuery)
        result = knowledge_search(rights=caller(request).rights, text=given["query"], limit=given["limit"])
        hits = [hit_out(hit) for hit in result.hits]
        return Response({"resultados": hits, "modo": result.mode, "tambien": result.also})
