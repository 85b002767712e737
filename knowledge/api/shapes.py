"""What the API tells of knowledge, by the contract's names."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from ..models import WAITING_STATES, Article, Version
from ..objecting import objections_told
from ..retrieval.usefulness import Votes
from ..services.holding import signs_holding, signs_told
from ..services.search import Hit
from ..services.twins import Twin

FOUND_BY = {"lexical": "palabras", "dense": "significado", "both": "ambos"}


def moment(value: datetime | None) -> str | None:
    """ISO 8601 with the site's offset."""
    return timezone.localtime(value).isoformat() if value else None


def article_line(article: Article) -> dict[str, Any]:
    """A published article in a list: needs `current` and `area` to be loaded."""
    return _head(article, article.published)


def article_out(article: Article, version: Version) -> dict[str, Any]:
    """An article with the text of one version."""
    return {
        **_head(article, version),
        "problema": version.problem,
        "causa": version.cause,
        "solucion": version.solution,
        "archivado": article.is_archived,
        "responsable": article.owner.username if article.owner else None,
        "revisar_el": article.review_on,
    }


def _head(article: Article, version: Version) -> dict[str, Any]:
    return {
        "articulo": article.slug,
        "titulo": version.title,
        "area": article.area.code,
        "version": version.number,
        "estado": version.state,
        "idioma": version.lang,
        "visibilidad": article.visibility,
        "actualizado_en": moment(article.updated_at),
        "url": article.get_absolute_url(),
    }


def version_out(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "estado": version.state,
        "titulo": version.title,
        "idioma": version.lang,
        "problema": version.problem,
        "causa": version.cause,
        "solucion": version.solution,
        "origen": version.origin,
        "autor": version.author.username if version.author else None,
        "revision": version.revision,
        "sobre": version.base.number if version.base else None,
        "editado_por": version.edited_by.username if version.edited_by else None,
        "editado_en": moment(version.edited_at),
        "motivo": version.reason,
        "creado_en": moment(version.created_at),
        "publicado_por": version.published_by.username if version.published_by else None,
        "publicado_en": moment(version.published_at),
    }


def publication_out(version: Version) -> dict[str, Any]:
    signs = signs_holding(version) if version.state in WAITING_STATES else []
    return {
        "articulo": version.article.slug,
        "version": version.number,
        "estado": version.state,
        "retencion": signs_told(signs),
    }


def hit_out(hit: Hit) -> dict[str, Any]:
    return {
        "articulo": hit.slug,
        "version": hit.version,
        "titulo": hit.title,
        "fragmento": hit.fragment,
        "puntaje": hit.score,
        "area": hit.area,
        "aviso_seguridad": hit.safety_notice,
        "url": hit.url,
        "hallado_por": FOUND_BY[hit.why],
        "utilidad": _usefulness(hit.votes),
    }


def _usefulness(votes: Votes | None) -> dict[str, Any] | None:
    if votes is None:
        return None
    return {
        "personas": votes.people,
        "sirvio_a": votes.pleased,
        "ajuste": round(votes.moved, 4),
        "rechazada": votes.is_rejected,
        "motivo": objections_told(votes.against) if votes.is_rejected else "",
    }


def twin_out(twin: Twin) -> dict[str, Any]:
    return {
        "articulo": twin.slug,
        "version": twin.version,
        "siguiente_version": twin.next_version,
        "titulo": twin.title,
        "confianza": twin.confidence,
        "es_seguro": twin.is_certain,
        "url": twin.url,
    }
