"""Addresses of sign-in and `yo`."""

from prsystem.core.api.requests import address

from .views import LoginView, LogoutView, MeView, RefreshView

urlpatterns = [
    *address("auth/login", LoginView.as_view(), "api_login"),
    *address("auth/refresh", RefreshView.as_view(), "api_refresh"),
    *address("auth/logout", LogoutView.as_view(), "api_logout"),
    *address("yo", MeView.as_view(), "api_me"),
]
