"""Addresses of the settings in the API."""

from prsystem.core.api.requests import address

from .api import SettingsView, SettingView

urlpatterns = [
    *address("ajustes", SettingsView.as_view(), "api_settings"),
    *address("ajustes/<str:clave>", SettingView.as_view(), "api_setting"),
]
