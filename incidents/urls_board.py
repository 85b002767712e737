"""Addresses of the board."""

from django.urls import path

from .views import board

urlpatterns = [
    path("tablero/", board.board_page, name="board"),
    path("tablero/exportar", board.board_export, name="board_export"),
]
