"""Addresses of writing and review."""

from django.urls import path

from .views import correcting, details, drafting, reviewing, starting

ONE = "conocimiento/<slug:slug>"
VERSION = f"{ONE}/versiones/<str:number>"

urlpatterns = [
    path("conocimiento/nuevo", starting.article_new, name="article_new"),
    path("conocimiento/nuevo/parecidos", starting.article_twins, name="article_twins"),
    path("conocimiento/nuevo/vista", starting.article_preview, name="article_preview"),
    path("conocimiento/por-revisar", reviewing.review_list, name="review_list"),
    path("conocimiento/por-revisar/publicar", reviewing.drafts_publish_now, name="drafts_publish"),
    path("conocimiento/borradores", reviewing.draft_list, name="draft_list"),
    path(f"{ONE}/editar", starting.article_edit, name="article_edit"),
    path(f"{ONE}/corregir", correcting.article_correct, name="article_correct"),
    path(f"{ONE}/ficha", details.article_details, name="article_details"),
    path(f"{VERSION}/editar", drafting.draft_edit, name="draft_edit"),
    path(f"{VERSION}/devolver", reviewing.draft_return_now, name="draft_return"),
    path(f"{VERSION}/descartar", drafting.draft_discard_now, name="draft_discard"),
    path(f"{VERSION}/sobre", drafting.draft_rebase_now, name="draft_rebase"),
]
