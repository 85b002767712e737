"""What in a text keeps it from being published until a person has looked at it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from prsystem.core.text.cleaning import shorten

from .assistant.hygiene import gives_orders, plain
from .assistant.lures import lures_in
from .assistant.words import fold, sentences, steps

TO_MODEL = "modelo"
WHY = {
    TO_MODEL: _("It gives orders to a language model."),
    "secreto": _("It asks for a password or code to be told to somebody."),
    "reenvio": _("It asks for a link or message to be passed on."),
    "silencio": _("It asks that those who should know aren't told."),
    "amenaza": _("It threatens with the loss of an account."),
    "dinero": _("It asks for money to be sent."),
    "acceso": _("It lets a stranger or an unknown program into a computer."),
}
MOST_SIGNS = 20
WORDS_LENGTH = 200


@dataclass(frozen=True)
class Sign:
    """`kind` is a key of WHY; `words` are those of the text that it was told by."""

    kind: str
    words: str

    @property
    def why(self) -> object:
        return WHY.get(self.kind, self.kind)


def signs_in(*texts: str) -> list[Sign]:
    """In reading order; none for an ordinary text."""
    found = [sign for text in texts if text.strip() for sign in _signs(text)]
    return list(dict.fromkeys(found))[:MOST_SIGNS]


def _signs(text: str) -> list[Sign]:
    folded = _folded(text)
    signs = [Sign(kind, _as_written(text, words)) for kind, words in lures_in(folded)]
    if gives_orders(text):
        signs += _orders(text)
    return signs


def _orders(text: str) -> Iterable[Sign]:
    """The sentences that give them; the beginning of the text when only all of it does."""
    each = [one for line in steps(plain(text)) or [text] for one in sentences(line)]
    told = [one for one in each if gives_orders(one)] or [text]
    return [Sign(TO_MODEL, shorten(one.strip(), WORDS_LENGTH)) for one in told]


def _as_written(text: str, folded_words: str) -> str:
    """The sentence of the text that holds the words; the words themselves where none does alone."""
    each = (one for line in text.splitlines() for one in sentences(line))
    whole = next((one for one in each if folded_words in _folded(one)), folded_words)
    return shorten(whole.strip(), WORDS_LENGTH)


def _folded(text: str) -> str:
    return " ".join(fold(plain(text)).split())
