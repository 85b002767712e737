"""Addresses of the settings and of the configuration in the API."""

from prsystem.core.api.requests import address

from .api import SettingsView, SettingView
from .config_api import SectionsView, SectionView

urlpatterns = [
    *address("ajustes", SettingsView.as_view(), "api_settings"),
    *address("ajustes/<str:clave>", SettingView.as_view(), "api_setting"),
    *address("configuracion", SectionsView.as_view(), "api_sections"),
    *address("configuracion/<str:seccion>", SectionView.as_view(), "api_section"),
]
