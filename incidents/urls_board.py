"""Addresses of the board."""

from django.urls import path

from .views import board, board_mails, shift

urlpatterns = [
    path("tablero/", board.board_page, name="board"),
    path("tablero/exportar", board.board_export, name="board_export"),
    path("tablero/turno/", shift.shift_page, name="shift"),
    path("cuenta/informes", board_mails.board_mail_list, name="board_mails"),
    path("cuenta/informes/<int:board_mail_id>/quitar", board_mails.board_mail_drop, name="board_mail_remove"),
]
