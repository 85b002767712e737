"""How the OpenAPI document tells of API keys; drf-spectacular finds it once this is imported."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from .authentication import HEADER


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "integrations.api_keys.authentication.ApiKeyAuthentication"
    name = "clave"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": HEADER}
