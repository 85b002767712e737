"""Articles with immutable, numbered versions; passages are the rebuildable index rows of the published ones."""

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.models import Area

from .models_holds import Hold
from .models_manuals import Manual, ManualEdition, ManualPart
from .models_uses import FailedUse

__all__ = [
    "Article",
    "ArticleFeedback",
    "FailedUse",
    "GlossaryTerm",
    "Hold",
    "IndexGeneration",
    "Manual",
    "ManualEdition",
    "ManualPart",
    "Notice",
    "Passage",
    "PassageVector",
    "ValidPeriod",
    "Version",
]


class Article(models.Model):
    """One problem and what is known about it. The text lives in versions; `current` is the published one."""

    class Visibility(models.TextChoices):
        EVERYBODY = "todos", _("Everybody")
        AREA = "area", _("People of the area")
        SUPPORT = "soporte", _("Support of the area")

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="articles", verbose_name=_("area"))
    visibility = models.CharField(_("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.AREA)
    current = models.ForeignKey(
        "Version",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published version"),
    )
    is_archived = models.BooleanField(_("archived"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    external_reference = models.CharField(_("external reference"), max_length=120, blank=True)
    review_on = models.DateField(
        _("review on"), null=True, blank=True, help_text=_("From this day its owner is asked to check it.")
    )
    upheld_at = models.DateTimeField(
        _("upheld"),
        null=True,
        blank=True,
        help_text=_("An editor found that it holds: what was said before is settled."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        ordering = ["-updated_at", "-id"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [models.Index(fields=["-updated_at", "-id"], name="article_recent")]
        constraints = [
            models.UniqueConstraint(
                fields=["external_reference"], condition=~Q(external_reference=""), name="article_external_reference"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("article_detail", args=[self.slug])

    @property
    def published(self) -> "Version":
        """The published version of an article that is known to have one."""
        if self.current is None:
            raise ValueError(f"article {self.slug} has no published version")
        return self.current


class Version(models.Model):
    """One edition of an article. A draft is written on; from its publication on the database refuses changes to the
    text, and only the state moves."""

    class State(models.TextChoices):
        DRAFT = "borrador", _("Draft")
        REVIEW = "en_revision", _("In review")
        PUBLISHED = "publicada", _("Published")
        SUPERSEDED = "reemplazada", _("Superseded")
        ARCHIVED = "archivada", _("Archived")
        REJECTED = "rechazada", _("Rejected")
        RECALLED = "retirada", _("Recalled")
        DISCARDED = "descartada", _("Discarded")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions", verbose_name=_("article"))
    major = models.PositiveSmallIntegerField(default=1)
    minor = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    lang = models.CharField(_("language"), max_length=2, default="es")
    title = models.CharField(_("title"), max_length=200)
    problem = models.TextField(_("problem"))
    cause = models.TextField(_("cause"), blank=True)
    solution = models.TextField(_("solution"))
    origin = models.CharField(
        _("origin"), max_length=60, blank=True, help_text=_("What it was learned from, e.g. incidencia:123.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    base = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("written from"),
        help_text=_("The version that was published when this one was begun."),
    )
    revision = models.PositiveIntegerField(
        _("revision"), default=0, db_default=0, help_text=_("How often its text was saved.")
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("last edited by"),
    )
    edited_at = models.DateTimeField(_("last edited"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("Why it was rejected or recalled as wrong.")
    )

    class Meta:
        ordering = ["article_id", "major", "minor"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["article", "major", "minor"], name="version_number_once"),
            models.UniqueConstraint(fields=["article"], condition=Q(state="publicada"), name="version_one_published"),
        ]
        indexes = [
            models.Index(fields=["id"], name="version_waiting", condition=Q(state__in=["borrador", "en_revision"]))
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.number}"

    @property
    @admin.display(description=_("number"))
    def number(self) -> str:
        return f"{self.major}.{self.minor}"


WAITING_STATES = (Version.State.DRAFT, Version.State.REVIEW)


class ValidPeriod(models.Model):
    """When a version was the one that is read. A trigger of the database keeps it, whoever moves a version's state.

    It ends when the next period of the article begins, or at `until` when the version was archived or recalled.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="periods")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="periods")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["article_id", "since"]
        verbose_name = _("period of validity")
        verbose_name_plural = _("periods of validity")
        indexes = [models.Index(fields=["article", "-since"], name="period_of_article")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.since:%Y-%m-%d}"


class Notice(models.Model):
    """Something that a person has to know about an article; shown in that person's work until it is done."""

    class Kind(models.TextChoices):
        RECALLED = "retirada", _("Recalled version")
        REVIEW = "revision", _("Review due")
        REPORTED = "reportada", _("Reported for review")
        REJECTED = "rechazada", _("Not proposed any more")
        RETURNED = "devuelta", _("Sent back to you")
        PUBLISHED = "publicada", _("Published what you wrote")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="notices")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "article", "version"],
                condition=Q(done_at=None),
                name="notice_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.article_id}"


class Passage(models.Model):
    """A piece of a published version as search sees it. Rebuildable from versions at any time."""

    class Kind(models.TextChoices):
        PROBLEM = "problem", _("Problem")
        CAUSE = "cause", _("Cause")
        SOLUTION = "solution", _("Solution")
        WHOLE = "whole", _("Whole")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="passages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ordinal = models.PositiveSmallIntegerField()
    lang = models.CharField(max_length=2)
    text = models.TextField()
    second_vector = models.BinaryField(
        null=True, help_text=_("Of the second embedder, little-endian float16; none where it didn't run yet.")
    )

    class Meta:
        ordering = ["version_id", "ordinal"]
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [models.UniqueConstraint(fields=["version", "ordinal"], name="passage_ordinal_once")]

    def __str__(self) -> str:
        return f"{self.version_id}:{self.ordinal}"


class IndexGeneration(models.Model):
    """One index of all passages made by one embedding model; search uses the active one."""

    fingerprint = models.CharField(max_length=64, unique=True, help_text=_("Model, dimensions and probe vectors."))
    model = models.CharField(max_length=80)
    dimensions = models.PositiveSmallIntegerField()
    collection = models.CharField(max_length=80, unique=True)
    is_active = models.BooleanField(default=False)
    refused_at = models.DateTimeField(
        _("refused"), null=True, blank=True, help_text=_("Its exam was worse than that of the active one.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("index generation")
        verbose_name_plural = _("index generations")
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="generation_one_active")
        ]

    def __str__(self) -> str:
        return f"{self.model} ({self.dimensions})"


class PassageVector(models.Model):
    """The vector of a passage in a generation, little-endian float32: Chroma is rebuilt from here without the model."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="vectors")
    generation = models.ForeignKey(IndexGeneration, on_delete=models.CASCADE, related_name="vectors")
    vector = models.BinaryField()
    in_index_at = models.DateTimeField(null=True, blank=True, help_text=_("When Chroma confirmed it."))

    class Meta:
        ordering = ["passage_id"]
        verbose_name = _("passage vector")
        verbose_name_plural = _("passage vectors")
        constraints = [models.UniqueConstraint(fields=["passage", "generation"], name="vector_once")]

    def __str__(self) -> str:
        return f"{self.passage_id}@{self.generation_id}"


class ArticleFeedback(models.Model):
    """Whether a version helped somebody; one per person and version, the last word counts. Search reads it."""

    class Said(models.TextChoices):
        SOURCE = "fuente", _("Of the article itself")
        SOLE = "unica", _("Of an answer that cites nothing else")
        ANSWER = "respuesta", _("Of an answer that cites it")
        OUTCOME = "resultado", _("A case was resolved with it")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, null=True, blank=True, related_name="feedback")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    was_helpful = models.BooleanField()
    said_of = models.CharField(_("said"), max_length=10, choices=Said.choices, default=Said.SOURCE, db_default="fuente")
    resolved_without_case = models.BooleanField(default=False)
    origin = models.CharField(
        max_length=60, blank=True, db_default="", help_text=_("What came of it: `incidencia:<id>`.")
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
        help_text=_("Of the case that it was said at; empty: of the article, whatever the case."),
    )
    created_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("article feedback")
        verbose_name_plural = _("article feedback")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "user", "version"], name="feedback_once_per_version", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.was_helpful}"


class GlossaryTerm(models.Model):
    """What people of an area (or all) call a thing; a query with a nickname or code is also searched by the term."""

    term = models.CharField(_("term"), max_length=80)
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    names = models.TextField(_("nicknames and alarm codes"), max_length=1000, help_text=_("One a line."))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["term", "id"]
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        constraints = [models.UniqueConstraint("term", "area", nulls_distinct=False, name="glossary_term_of_area")]

    def __str__(self) -> str:
        return self.term
