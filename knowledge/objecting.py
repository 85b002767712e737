"""Why a source isn't proposed any more, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .retrieval.usefulness import Objections


def objections_told(against: Objections) -> str:
    """«5 people said that it didn't help», «2 cases that it had solved were reopened», or both; empty without any."""
    said = ngettext(
        "%(n)d person said that it didn't help", "%(n)d people said that it didn't help", against.people
    ) % {"n": against.people}
    reopened = ngettext(
        "%(n)d case that it had solved was reopened", "%(n)d cases that it had solved were reopened", against.reopened
    ) % {"n": against.reopened}
    told = [text for text, count in ((said, against.people), (reopened, against.reopened)) if count]
    return _(" and ").join(told)
