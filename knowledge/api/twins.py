"""Is it known already? Asked before a new article is written."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from prsystem.core.api.requests import body_of, caller

from ..services.twins import twins_of
from . import shapes
from .serializers import TwinsIn, TwinsOut


class TwinsView(APIView):
    @extend_schema(operation_id="conocimiento_gemelos", tags=["conocimiento"], request=TwinsIn, responses=TwinsOut)
    def post(self, request: Request) -> Response:
        """Articles about the same problem to which the caller may add a version."""
        given = body_of(request, TwinsIn)
        text = f"{given.get('titulo', '')}\n{given['problema']}"
        return Response({"gemelos": [shapes.twin_out(t) for t in twins_of(rights=caller(request).rights, text=text)]})
