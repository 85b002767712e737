"""Addresses of sign-in, the own account, and people."""

from prsystem.core.api.requests import address

from .own import OwnPasswordView, OwnPreferencesView, OwnSessionEndView, OwnSessionsEndView, OwnSessionsView
from .people import PERSON_ACTS, DirectorySyncView, PeopleView, PersonView
from .views import LoginView, LogoutView, MeView, RefreshView

ONE = "personas/<str:usuario>"

urlpatterns = [
    *address("auth/login", LoginView.as_view(), "api_login"),
    *address("auth/refresh", RefreshView.as_view(), "api_refresh"),
    *address("auth/logout", LogoutView.as_view(), "api_logout"),
    *address("yo", MeView.as_view(), "api_me"),
    *address("yo/preferencias", OwnPreferencesView.as_view(), "api_own_preferences"),
    *address("yo/contrasena", OwnPasswordView.as_view(), "api_own_password"),
    *address("yo/sesiones", OwnSessionsView.as_view(), "api_own_sessions"),
    *address("yo/sesiones/terminar", OwnSessionsEndView.as_view(), "api_own_sessions_end"),
    *address("yo/sesiones/<str:sesion>/terminar", OwnSessionEndView.as_view(), "api_own_session_end"),
    *address("directorio/comparar", DirectorySyncView.as_view(), "api_directory_sync"),
    *address("personas", PeopleView.as_view(), "api_people"),
    *address(ONE, PersonView.as_view(), "api_person"),
    *(
        pattern
        for name, view in PERSON_ACTS.items()
        for pattern in address(f"{ONE}/{name}", view.as_view(), f"api_person_{name}")
    ),
]
