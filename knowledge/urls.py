"""Addresses of the knowledge pages."""

from django.urls import path

from . import views, views_glossary, views_manuals
from .writing.urls import urlpatterns as writing

urlpatterns = [
    *writing,
    path("glosario/", views_glossary.glossary, name="glossary"),
    path("glosario/<int:term_id>/", views_glossary.glossary_term, name="glossary_term"),
    path("glosario/<int:term_id>/quitar", views_glossary.glossary_delete, name="glossary_delete"),
    path("conocimiento/", views.article_list, name="article_list"),
    path("conocimiento/manuales/", views_manuals.manual_list, name="manual_list"),
    path("conocimiento/manuales/<slug:slug>/", views_manuals.manual_detail, name="manual_detail"),
    path("conocimiento/manuales/<slug:slug>/edicion", views_manuals.manual_edition_add, name="manual_edition"),
    path("conocimiento/manuales/<slug:slug>/visibilidad", views_manuals.manual_visibility, name="manual_visibility"),
    path("conocimiento/manuales/<slug:slug>/borrar", views_manuals.manual_delete_now, name="manual_delete"),
    path("conocimiento/manuales/<slug:slug>/archivo/<int:edition>", views_manuals.manual_file, name="manual_file"),
    path(
        "conocimiento/manuales/<slug:slug>/ediciones/<int:edition>/liberar",
        views_manuals.manual_release,
        name="manual_release",
    ),
    path("conocimiento/<slug:slug>/", views.article_detail, name="article_detail"),
    path("conocimiento/<slug:slug>/valoracion", views.article_feedback, name="article_feedback"),
    path("conocimiento/avisos/<int:notice_id>/hecho", views.notice_done_now, name="notice_done"),
    path("conocimiento/<slug:slug>/archivar", views.article_archive_now, name="article_archive"),
    path("conocimiento/<slug:slug>/desarchivar", views.article_unarchive_now, name="article_unarchive"),
    path("conocimiento/<slug:slug>/revisado", views.article_reviewed_now, name="article_reviewed"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/revision", views.version_submit_now, name="version_submit"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/rechazar", views.version_reject_now, name="version_reject"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/liberar", views.version_release_now, name="version_release"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/retirar", views.version_recall_now, name="version_recall"),
    path("conocimiento/<slug:slug>/versiones/<str:number>", views.version_detail, name="version_detail"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/publicar", views.version_publish_now, name="version_publish"),
    path(
        "conocimiento/<slug:slug>/versiones/<str:number>/restaurar", views.version_restore_now, name="version_restore"
    ),
    path("conocimiento/<slug:slug>/versiones/<str:old>/<str:new>", views.version_diff, name="version_diff"),
]
