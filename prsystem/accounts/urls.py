"""Addresses of sign-in and account."""

from django.urls import path

from prsystem.accounts.sessions.views import sessions_end

from . import views
from .mfa import views as mfa

urlpatterns = [
    path("entrar", views.sign_in, name="sign_in"),
    path("entrar/segundo-paso", mfa.second_step, name="second_step"),
    path("cuenta/segundo-factor", mfa.second_factor, name="second_factor"),
    path("salir", views.sign_out, name="sign_out"),
    path("primera-cuenta/<str:token>", views.first_administrator, name="first_administrator"),
    path("cuenta/", views.account, name="account"),
    path("cuenta/sesiones", sessions_end, name="sessions_end"),
    path("cuenta/tema", views.theme_set, name="theme_set"),
    path("cuenta/idioma", views.language_set, name="language_set"),
]
