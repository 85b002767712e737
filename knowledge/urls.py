"""Addresses of the knowledge pages."""

from django.urls import path

from . import views

urlpatterns = [
    path("conocimiento/", views.article_list, name="article_list"),
    path("conocimiento/<slug:slug>/", views.article_detail, name="article_detail"),
    path("conocimiento/<slug:slug>/valoracion", views.article_feedback, name="article_feedback"),
    path("conocimiento/avisos/<int:notice_id>/hecho", views.notice_done_now, name="notice_done"),
    path("conocimiento/<slug:slug>/archivar", views.article_archive_now, name="article_archive"),
    path("conocimiento/<slug:slug>/desarchivar", views.article_unarchive_now, name="article_unarchive"),
    path("conocimiento/<slug:slug>/revisado", views.article_reviewed_now, name="article_reviewed"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/revision", views.version_submit_now, name="version_submit"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/rechazar", views.version_reject_now, name="version_reject"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/retirar", views.version_recall_now, name="version_recall"),
    path("conocimiento/<slug:slug>/versiones/<str:number>", views.version_detail, name="version_detail"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/publicar", views.version_publish_now, name="version_publish"),
    path(
        "conocimiento/<slug:slug>/versiones/<str:number>/restaurar", views.version_restore_now, name="version_restore"
    ),
    path("conocimiento/<slug:slug>/versiones/<str:old>/<str:new>", views.version_diff, name="version_diff"),
]
