"""Reading the glossary: the site's own words and those of the areas that the asker belongs to."""

from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.functions import Concat

from prsystem.accounts.selectors import in_areas
from prsystem.core.errors import Missing, NotAllowed
from prsystem.core.rights import Rights
from prsystem.core.text.cleaning import fold

from .models import GlossaryTerm
from .retrieval.glossary import Entry, Meant, meant_by, names_in


def terms_visible_to(rights: Rights) -> QuerySet[GlossaryTerm]:
    found = GlossaryTerm.objects.filter(area=None)
    if rights.belongs:
        found |= GlossaryTerm.objects.filter(in_areas(rights.belongs))
    return found.select_related("area")


def terms_containing(terms: QuerySet[GlossaryTerm], words: str) -> QuerySet[GlossaryTerm]:
    """Those whose term, names or note hold the words, whatever their case and accents."""
    said = Concat("term", Value("\n"), "names", Value("\n"), "note", output_field=TextField())
    plain = Func(said, function="unaccent", output_field=TextField())
    return terms.annotate(said=plain).filter(said__icontains=fold(words))


def term_get(rights: Rights, term_id: int) -> GlossaryTerm:
    term = terms_visible_to(rights).filter(pk=term_id).first()
    if term is None:
        raise Missing()
    return term


def may_edit_terms_of(rights: Rights, area_id: int | None) -> bool:
    """Those who publish in the area; of the words of the whole site, those who publish everywhere."""
    return rights.publishes.everywhere if area_id is None else area_id in rights.publishes


def term_to_change(rights: Rights, term_id: int) -> GlossaryTerm:
    """Missing when it can't be read, NotAllowed without the right to change it."""
    term = term_get(rights, term_id)
    if not may_edit_terms_of(rights, term.area_id):
        raise NotAllowed()
    return term


def glossary_entries(rights: Rights) -> list[Entry]:
    """What a query of the asker may be widened by."""
    rows = terms_visible_to(rights).order_by("term", "pk").values_list("term", "names")
    return [Entry(term, names_in(names)) for term, names in rows]


def glossary_tried(rights: Rights, text: str) -> list[Meant]:
    """How a query of the asker would be widened, and by which of its words."""
    return meant_by(text, glossary_entries(rights))
