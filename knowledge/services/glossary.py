"""The glossary: terms kept by those who publish in their area."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from prsystem.accounts.models import Area
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput, NotAllowed
from prsystem.core.text.cleaning import clean_line
from prsystem.core.text.fields import checked_line, checked_text

from ..models import GlossaryTerm
from ..retrieval.glossary import MIN_LETTERS, names_in, plain
from ..selectors_glossary import may_edit_terms_of, term_to_change

TERM_LENGTH, NAMES_LENGTH, NOTE_LENGTH = 80, 1000, 200


@dataclass(frozen=True)
class TermSpec:
    """What a term says. `area` None: a word of the whole site. `names` has one a line, or parted by commas."""

    term: str
    names: str
    area: Area | None = None
    note: str = ""


def term_add(*, actor: Actor, spec: TermSpec) -> GlossaryTerm:
    """A new term. InvalidInput names what can't be kept; Conflict when its area has the term already."""
    return _kept(actor, GlossaryTerm(), spec)


def term_change(*, actor: Actor, term_id: int, spec: TermSpec) -> GlossaryTerm:
    """All of a term anew; the right is needed in its old area and in its new one."""
    return _kept(actor, term_to_change(actor.rights, term_id), spec)


@transaction.atomic
def term_delete(*, actor: Actor, term_id: int) -> GlossaryTerm:
    """Take it out of the glossary; what it was stays in the audit trail."""
    term = term_to_change(actor.rights, term_id)
    gone = changes(_values(term), dict.fromkeys(_values(term)))
    record(actor, "glossary_term.deleted", f"termino:{term.pk}", gone)
    GlossaryTerm.objects.filter(pk=term.pk).delete()
    return term


def _kept(actor: Actor, term: GlossaryTerm, spec: TermSpec) -> GlossaryTerm:
    if not may_edit_terms_of(actor.rights, spec.area.pk if spec.area else None):
        raise NotAllowed(
            _("Terms of an area are kept by those who may publish in it; those of the whole site, by all.")
        )
    before = _values(term) if term.pk else {}
    term.term = checked_line("termino", spec.term, TERM_LENGTH)
    if not any(char.isalnum() for char in term.term):
        raise InvalidInput.field("termino", _("Letters or digits are expected."))
    term.names = _checked_names(spec.names, term.term)
    term.note = checked_line("nota", spec.note, NOTE_LENGTH, required=False)
    term.area = spec.area
    try:
        with transaction.atomic():
            _require_new(term)
            term.save()
            if difference := changes(before, _values(term)):
                verb = "updated" if before else "created"
                record(actor, f"glossary_term.{verb}", f"termino:{term.pk}", difference)
    except IntegrityError as error:
        raise _twice() from error
    return term


def _checked_names(raw: str, term: str) -> str:
    """One a line, each once and none that is the term itself."""
    found: dict[str, str] = {}
    for name in names_in(checked_text("nombres", raw, NAMES_LENGTH, required=False)):
        line = clean_line(name)
        if len(plain(line)) >= MIN_LETTERS and plain(line) != plain(term):
            found.setdefault(plain(line), line)
    if not found:
        text = _("At least one name other than the term is expected, of %(least)d characters or more.")
        raise InvalidInput.field("nombres", text % {"least": MIN_LETTERS})
    return "\n".join(found.values())


def _require_new(term: GlossaryTerm) -> None:
    """The same term in other letters counts as the same."""
    others = GlossaryTerm.objects.filter(area=term.area).exclude(pk=term.pk).values_list("term", flat=True)
    if plain(term.term) in map(plain, others):
        raise _twice()


def _twice() -> Conflict:
    message = _("The glossary of this area has the term already; add the names there.")
    return Conflict(message, errors={"termino": [message]})


def _values(term: GlossaryTerm) -> dict[str, Any]:
    return {"term": term.term, "area_id": term.area_id, "names": term.names, "note": term.note}
