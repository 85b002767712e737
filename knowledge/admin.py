"""Knowledge to look at. Who may read an article and who looks after it is set here; its text grows by versions."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from prsystem.core.console.base import AuditedAdmin, ReadOnlyAdmin, ReadOnlyInline

from .models import (
    Article,
    ArticleFeedback,
    GlossaryTerm,
    Hold,
    IndexGeneration,
    Manual,
    ManualEdition,
    ManualPart,
    Notice,
    Passage,
    PassageVector,
    ValidPeriod,
    Version,
)
from .models_uses import FailedUse


class VersionInline(ReadOnlyInline):
    model = Version
    fk_name = "article"
    fields = ("number", "state", "lang", "title", "author", "created_at", "published_by", "published_at")
    readonly_fields = fields


@admin.register(Article)
class ArticleAdmin(AuditedAdmin):
    entity, kind = "article", "articulo"
    may_add = may_delete = False
    list_display = ("slug", "area", "visibility", "current", "owner", "is_archived", "updated_at")
    list_filter = ("visibility", "is_archived", "area", ("current", admin.EmptyFieldListFilter))
    search_fields = ("slug", "external_reference__exact", "current__title")
    autocomplete_fields = ("owner",)
    list_select_related = ("area", "current", "owner")
    readonly_fields = ("slug", "area", "current", "is_archived", "external_reference", "created_at", "updated_at")
    fields = ("visibility", "owner", *readonly_fields)
    inlines = (VersionInline,)

    def resource_of(self, obj: Article) -> str:
        return f"articulo:{obj.slug}"


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ("id", "article", "number", "title", "state", "lang", "author", "published_at")
    list_filter = ("state", "lang", "article__area")
    search_fields = ("title", "article__slug", "origin__exact")
    list_select_related = ("article", "author")
    ordering = ("-id",)

    def resource_of(self, obj: Version) -> str:
        return f"articulo:{obj.article.slug}"


@admin.register(FailedUse)
class FailedUseAdmin(ReadOnlyAdmin):
    list_display = ("article", "version", "area", "user", "is_confirmed", "created_at")
    list_filter = ("is_confirmed", "area")
    list_select_related = ("article", "version", "area", "user")


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("id", "what", "why", "created_at", "released_by", "released_at")
    list_filter = (("released_at", admin.EmptyFieldListFilter),)
    search_fields = ("version__article__slug", "edition__manual__slug")
    list_select_related = ("version__article", "edition__manual", "released_by")
    fields = ("what", "why", "created_at", "released_by", "released_at", "reason")
    readonly_fields = fields

    @admin.display(description=_("text"))
    def what(self, obj: Hold) -> str:
        """A link to the page on which it is released."""
        if version := obj.version:
            url = reverse("version_detail", args=[version.article.slug, version.number])
            return format_html('<a href="{}">{} ({})</a>', url, version.title, version.number)
        edition = obj.edition
        if edition is None:
            return ""
        url = edition.manual.get_absolute_url()
        return format_html('<a href="{}">{} ({})</a>', url, edition.manual.name, edition.number)

    @admin.display(description=_("why and by which words"))
    def why(self, obj: Hold) -> str:
        return format_html_join("", "<p>{} «{}»</p>", ((sign.why, sign.words) for sign in obj.told))


@admin.register(Passage)
class PassageAdmin(ReadOnlyAdmin):
    list_display = ("id", "article", "version", "kind", "ordinal", "lang")
    list_filter = ("kind", "lang")
    search_fields = ("article__slug",)
    list_select_related = ("article", "version")
    ordering = ("-id",)


@admin.register(IndexGeneration)
class IndexGenerationAdmin(ReadOnlyAdmin):
    list_display = ("model", "dimensions", "collection", "is_active", "refused_at", "created_at")
    list_filter = ("is_active", "model")
    search_fields = ("model", "collection", "fingerprint__startswith")


@admin.register(PassageVector)
class PassageVectorAdmin(ReadOnlyAdmin):
    list_display = ("passage", "generation", "in_index_at")
    list_filter = ("generation", ("in_index_at", admin.EmptyFieldListFilter))
    search_fields = ("passage__article__slug",)
    list_select_related = ("passage", "generation")
    fields = ("passage", "generation", "in_index_at")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PassageVector]:
        return super().get_queryset(request).defer("vector")


@admin.register(ArticleFeedback)
class ArticleFeedbackAdmin(ReadOnlyAdmin):
    list_display = ("article", "user", "was_helpful", "resolved_without_case", "created_at")
    list_filter = ("was_helpful", "resolved_without_case")
    search_fields = ("article__slug", "user__username")
    list_select_related = ("article", "user")


@admin.register(ValidPeriod)
class ValidPeriodAdmin(ReadOnlyAdmin):
    list_display = ("version", "article", "since", "until")
    list_filter = (("until", admin.EmptyFieldListFilter),)
    search_fields = ("article__slug",)
    list_select_related = ("version", "article")
    ordering = ("-id",)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("user", "kind", "article", "created_at", "done_at")
    list_filter = ("kind", ("done_at", admin.EmptyFieldListFilter))
    search_fields = ("user__username", "article__slug")
    list_select_related = ("user", "article")


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(AuditedAdmin):
    entity, kind = "glossary_term", "termino"
    list_display = ("term", "area", "names", "note")
    list_filter = ("area",)
    search_fields = ("term", "names")
    list_select_related = ("area",)


@admin.register(Manual)
class ManualAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "area", "visibility", "created_at", "deleted_at")
    list_filter = ("area", "visibility", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "slug")
    list_select_related = ("area",)

    def resource_of(self, obj: Manual) -> str:
        return f"manual:{obj.slug}"


@admin.register(ManualEdition)
class ManualEditionAdmin(ReadOnlyAdmin):
    list_display = ("manual", "number", "state", "fault", "name", "kind", "pages", "parts", "created_at")
    list_filter = ("state", "kind")
    search_fields = ("manual__name", "name", "sha256__exact")
    list_select_related = ("manual",)
    ordering = ("-id",)


@admin.register(ManualPart)
class ManualPartAdmin(ReadOnlyAdmin):
    list_display = ("manual", "label", "anchor", "article", "ordinal")
    search_fields = ("manual__name", "label", "article__slug")
    list_select_related = ("manual", "article")
