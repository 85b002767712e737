"""Incidents and what belongs to them, to look at. Every step of their life is taken on the incident's own page."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prsystem.core.console.base import ReadOnlyAdmin, ReadOnlyInline

from .console import OfIncidentAdmin
from .models import Attachment, Comment, Incident
from .selectors import incidents_matching


class CommentInline(ReadOnlyInline):
    model = Comment
    fields = readonly_fields = ("created_at", "author_label", "is_internal", "body")


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    kind = "incidencia"
    list_display = ("number", "title", "area", "state", "level", "priority", "assignee", "source", "created_at")
    list_filter = ("state", "level", "priority", "area", "source")
    search_fields = ("title",)
    search_help_text = _("Words of title and description, or a number such as INC-000123.")
    list_select_related = ("area", "assignee")
    exclude = ("search",)
    inlines = (CommentInline,)  # what stands above adds its own

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        return super().get_queryset(request).defer("search", "description", "solution", "cause")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Incident], search_term: str
    ) -> tuple[QuerySet[Incident], bool]:
        """By the text index of the product's own search."""
        return (incidents_matching(queryset, search_term) if search_term.strip() else queryset), False

    @admin.display(description=_("number"), ordering="id")
    def number(self, obj: Incident) -> str:
        return obj.number


@admin.register(Comment)
class CommentAdmin(OfIncidentAdmin):
    list_display = ("id", "incident", "author_label", "is_internal", "created_at")
    list_filter = ("is_internal", "created_at")
    search_fields = ("=incident__id", "author_label")


@admin.register(Attachment)
class AttachmentAdmin(OfIncidentAdmin):
    """The file itself is fetched from the incident's page, which checks rights and sends safe headers."""

    list_display = ("name", "incident", "content_type", "size", "uploaded_by", "created_at")
    list_filter = ("content_type", "is_internal")
    search_fields = ("name", "sha256__exact", "=incident__id")
    list_select_related = ("incident", "uploaded_by")
    exclude = ("file",)
