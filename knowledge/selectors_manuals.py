"""Reading manuals, within the asker's rights: those of articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import File
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.urls import reverse

from prsystem.accounts.selectors import in_areas
from prsystem.core.errors import Missing, NotAllowed
from prsystem.core.files.stored import store_reached
from prsystem.core.rights import Rights

from .manuals.parts import place_of_label
from .models import Article, Passage, PassageVector, Version
from .models_holds import Hold
from .models_manuals import Manual, ManualEdition, ManualPart
from .quarantine import Sign
from .selectors import articles_readable_by

State = ManualEdition.State
SERVED = (State.IN_USE, State.REPLACED)
OPENING = 160  # characters of a part in the list of contents


def manuals_visible_to(rights: Rights) -> QuerySet[Manual]:
    """Manuals with an edition in use that the asker may read; for those who publish in an area all of its."""
    is_read = Q(articles_readable_by(rights)) & Q(editions__state=State.IN_USE)
    mine = in_areas(rights.publishes) if rights.publishes else Q(pk=None)
    return Manual.objects.filter(is_read | mine, deleted_at=None).select_related("area").distinct()


def manual_get(rights: Rights, slug: str) -> Manual:
    manual = manuals_visible_to(rights).filter(slug=slug).first()
    if manual is None:
        raise Missing()
    return manual


def manual_to_change(rights: Rights, slug: str) -> Manual:
    """Missing when it can't be read, NotAllowed without the right to publish in its area."""
    manual = manual_get(rights, slug)
    if manual.area_id not in rights.publishes:
        raise NotAllowed()
    return manual


def editions_of(rights: Rights, manual: Manual) -> list[ManualEdition]:
    """Newest first; those that aren't (or weren't) in use only for those who publish."""
    found = manual.editions.select_related("uploaded_by").order_by("-number")
    return list(found if manual.area_id in rights.publishes else found.filter(state__in=SERVED))


def holding_signs(edition: ManualEdition) -> list[Sign]:
    """What keeps a held edition from publication."""
    hold = Hold.objects.filter(edition=edition).first() if edition.state == State.HELD else None
    return hold.told if hold else []


def parts_of(manual: Manual) -> QuerySet[ManualPart]:
    """What is in use, in reading order, with the beginning of its text (`opening`)."""
    in_use = Q(article__is_archived=False, article__current__isnull=False)
    opening = Left("article__current__solution", OPENING)
    return (
        manual.manual_parts.filter(in_use).select_related("article").annotate(opening=opening).order_by("ordinal", "pk")
    )


def indexed_percent(manual: Manual) -> int:
    """How much of what is in use is found by meaning, from 0 to 100; by words it is found before."""
    parts = Article.objects.filter(manual_part__manual=manual, is_archived=False, current__isnull=False)
    passages = Passage.objects.filter(version__in=parts.values("current"))
    wanted = passages.count() + parts.exclude(current__passages__isnull=False).count()
    done = PassageVector.objects.filter(generation__is_active=True, passage__in=passages).count()
    return 100 * done // wanted if wanted else 100


def edition_content(manual: Manual, number: int) -> tuple[ManualEdition, File]:
    """An edition that is or was in use, and its open file."""
    edition = manual.editions.filter(number=number, state__in=SERVED).first()
    if edition is None:
        raise Missing()
    try:
        with store_reached():
            content = edition.file.open("rb")
            content.seek(0)
            return edition, content
    except FileNotFoundError as error:
        raise Missing() from error


def same_file(rights: Rights, sha256: str) -> ManualEdition | None:
    """An edition of the same bytes among the manuals that the asker looks after; what others have stays unsaid."""
    if not rights.publishes:
        return None
    found = ManualEdition.objects.filter(
        in_areas(rights.publishes, "manual__area_id"),
        sha256=sha256,
        manual__deleted_at=None,
        state__in=(State.WAITING, State.HELD, State.IN_USE),
    )
    return found.select_related("manual").first()


def places_of_parts(article_ids: Sequence[int]) -> dict[int, tuple[int, int | str]]:
    """By article the manual and the page or heading that it stands under; articles of no manual are left out."""
    rows = ManualPart.objects.filter(article_id__in=article_ids).values_list("article_id", "manual_id", "page", "label")
    return {article: (manual, page or place_of_label(label)) for article, manual, page, label in rows}


@dataclass(frozen=True)
class Place:
    """Where a version of a manual's part stands. `document_url` opens the file there, None when it can't be opened."""

    manual: Manual
    label: str
    document_url: str | None
    before: str | None
    after: str | None


def place_of(article: Article, version: Version) -> Place | None:
    """None for an article that is no part of a manual."""
    part = ManualPart.objects.select_related("manual").filter(article=article).first()
    if part is None:
        return None
    around = {row.ordinal: row.article.get_absolute_url() for row in _around(part)}
    return Place(
        manual=part.manual,
        label=part.label,
        document_url=_document_url(part, article, version),
        before=around.get(part.ordinal - 1),
        after=around.get(part.ordinal + 1),
    )


def document_url_of(article: Article, version: Version) -> str:
    """Opens the manual where the version stands; empty for what isn't of a manual, or whose file is gone."""
    place = place_of(article, version) if version.origin.startswith("manual:") else None
    return (place.document_url if place else None) or ""


def _around(part: ManualPart) -> QuerySet[ManualPart]:
    return parts_of(part.manual).filter(ordinal__in=(part.ordinal - 1, part.ordinal + 1))


def _document_url(part: ManualPart, article: Article, version: Version) -> str | None:
    """The edition in use for what is published, else the one that the version was made from."""
    if part.manual.deleted_at is not None:
        return None
    editions = part.manual.editions.filter(state__in=SERVED)
    if article.current_id == version.pk:
        edition = editions.filter(state=State.IN_USE).first()
    else:
        edition = editions.filter(pk=int(version.origin.removeprefix("manual:") or 0)).first()
    if edition is None:
        return None
    url = reverse("manual_file", args=[part.manual.slug, edition.number])
    return f"{url}#page={part.page}" if part.page else url
