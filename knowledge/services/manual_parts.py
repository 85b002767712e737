"""Parts of a manual as articles: published together, each with a version only when its text is another one."""

from collections.abc import Collection, Sequence

from django.utils import timezone

from prsystem.core.text.cleaning import clean_line, clean_text, shorten

from ..manuals.languages import languages_of
from ..manuals.parts import Part
from ..models import Article, Version
from ..models_manuals import Manual, ManualEdition, ManualPart
from ..retrieval.language import Language

TITLE_LENGTH, LABEL_LENGTH = 200, 250
State = Version.State


def parts_publish(edition: ManualEdition, parts: Sequence[Part]) -> dict[str, int]:
    """Make these the manual's parts; what isn't among them any more is archived. In the caller's transaction."""
    manual = edition.manual
    known = {row.anchor: row for row in manual.manual_parts.select_related("article__current").order_by("article_id")}
    list(Article.objects.select_for_update(of=["self"]).filter(manual_part__manual=manual).order_by("pk"))
    languages = languages_of(parts)
    _add(edition, [(n, part, languages[n]) for n, part in enumerate(parts) if part.anchor not in known])
    changed = 0
    for ordinal, (part, lang) in enumerate(zip(parts, languages, strict=True)):
        if row := known.get(part.anchor):
            changed += _change(edition, row, part, lang, ordinal)
    removed = parts_archive(manual, keep={part.anchor for part in parts})
    return {"nuevas": sum(part.anchor not in known for part in parts), "cambiadas": changed, "quitadas": removed}


def parts_archive(manual: Manual, *, keep: Collection[str]) -> int:
    """Out of reading and search, but for the anchors to keep; how many."""
    gone = manual.manual_parts.exclude(anchor__in=keep).filter(article__is_archived=False)
    ids = list(gone.order_by("article_id").values_list("article_id", flat=True))
    Version.objects.filter(article__in=ids, state=State.PUBLISHED).update(state=State.ARCHIVED)
    return Article.objects.filter(pk__in=ids).update(is_archived=True)


def _add(edition: ManualEdition, added: Sequence[tuple[int, Part, Language]]) -> None:
    manual = edition.manual
    articles = Article.objects.bulk_create(
        Article(
            slug=f"manual-{manual.pk}-{part.anchor}"[:120],
            area=manual.area,
            visibility=manual.visibility,
            owner_id=edition.uploaded_by_id,
        )
        for _n, part, _lang in added
    )
    pairs = list(zip(articles, added, strict=True))
    versions = Version.objects.bulk_create(
        _version(edition, article, part, lang, 0) for article, (_n, part, lang) in pairs
    )
    for article, version in zip(articles, versions, strict=True):
        article.current = version
    Article.objects.bulk_update(articles, ["current"], batch_size=500)
    ManualPart.objects.bulk_create(
        ManualPart(manual=manual, article=article, anchor=part.anchor, ordinal=n, page=part.page, label=_label(part))
        for article, (n, part, _lang) in pairs
    )


def _change(edition: ManualEdition, row: ManualPart, part: Part, lang: Language, ordinal: int) -> bool:
    """The part's next version, when it says something else; a text that was recalled as wrong stays away."""
    ManualPart.objects.filter(pk=row.pk).update(ordinal=ordinal, page=part.page, label=_label(part))
    article, current = row.article, row.article.current
    versions = article.versions.order_by("-major", "-minor")
    fresh = _version(edition, article, part, lang, versions[0].minor + 1)
    is_same = current is not None and (current.title, current.solution) == (fresh.title, fresh.solution)
    if is_same and not article.is_archived:
        return False
    if any(old.state == State.RECALLED and old.solution == fresh.solution for old in versions):
        return False
    versions.filter(state__in=(State.PUBLISHED, State.ARCHIVED)).update(state=State.SUPERSEDED)
    fresh.save(force_insert=True)
    article.current, article.is_archived = fresh, False
    article.save()
    return True


def _version(edition: ManualEdition, article: Article, part: Part, lang: Language, minor: int) -> Version:
    text = clean_text(part.text)
    return Version(
        article=article,
        minor=minor,
        state=State.PUBLISHED,
        lang=lang,
        title=part_title(edition.manual.name, part),
        problem="",
        solution=text,
        origin=edition.origin,
        author_id=edition.uploaded_by_id,
        published_by_id=edition.uploaded_by_id,
        published_at=timezone.now(),
    )


def part_title(manual: str, part: Part) -> str:
    """«Manual X, p. 12», «Manual X › Seals»: what a citation says."""
    label = _label(part)
    joint = ", " if part.page else " › "
    return shorten(f"{manual}{joint}{label}" if label else manual, TITLE_LENGTH)


def _label(part: Part) -> str:
    return clean_line(part.label)[:LABEL_LENGTH]
