"""The detailed health report, also for monitoring systems with a key."""

from rest_framework.settings import api_settings

from integrations.api_keys.authentication import ApiKeyAuthentication
from integrations.api_keys.checking import KeyHolder, scope_require
from integrations.api_keys.models import Scope
from prsystem.core.api.health import DetailedHealthView
from prsystem.core.api.requests import caller


class KeyedHealthView(DetailedHealthView):
    authentication_classes = [*api_settings.DEFAULT_AUTHENTICATION_CLASSES, ApiKeyAuthentication]

    def may_read(self) -> bool:
        if not isinstance(self.request.user, KeyHolder):
            return super().may_read()
        scope_require(caller(self.request), Scope.HEALTH)
        return True
