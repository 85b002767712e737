"""Addresses of the knowledge pages."""

from django.urls import path

from . import views

urlpatterns = [
    path("conocimiento/", views.article_list, name="article_list"),
    path("conocimiento/<slug:slug>/", views.article_detail, name="article_detail"),
    path("conocimiento/<slug:slug>/valoracion", views.article_feedback, name="article_feedback"),
    path("conocimiento/<slug:slug>/versiones/<str:number>", views.version_detail, name="version_detail"),
    path("conocimiento/<slug:slug>/versiones/<str:number>/publicar", views.version_publish_now, name="version_publish"),
    path(
        "conocimiento/<slug:slug>/versiones/<str:number>/restaurar", views.version_restore_now, name="version_restore"
    ),
    path("conocimiento/<slug:slug>/versiones/<str:old>/<str:new>", views.version_diff, name="version_diff"),
]
