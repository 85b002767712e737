"""`@usuario` in comments. Pure: which names a text holds, and the text with links for those that are known."""

import re
from collections.abc import Mapping

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

MOST_MENTIONS = 20
# A user name, not the domain of a mail address; a full stop at its end is the sentence's.
_MENTION = re.compile(r"(?<![\w@.+/-])@([\w.+-]{1,150})")


def mentioned(text: str) -> list[str]:
    """User names in the order of their first mention, in lower case, at most MOST_MENTIONS."""
    found = dict.fromkeys(_name(match) for match in _MENTION.finditer(text))
    return [name for name in found if name][:MOST_MENTIONS]


def _name(match: re.Match[str]) -> str:
    return match[1].rstrip(".-+").lower()


def linked(text: str, people: Mapping[str, str]) -> SafeString:
    """Escaped text; a mention of somebody in `people` (user name -> how they are called) leads to their work."""
    parts: list[str] = []
    position = 0
    for match in _MENTION.finditer(text):
        name = _name(match)
        if name not in people:
            continue
        parts += [escape(text[position : match.start()]), _link(name, people[name])]
        position = match.start(1) + len(name)
    return mark_safe("".join([*parts, escape(text[position:])]))  # noqa: S308 -- every part is escaped


def _link(name: str, label: str) -> str:
    query = urlencode({"asignado_a": name})
    return format_html(
        '<a class="mention" href="{}?{}" title="{}">@{}</a>', reverse("incident_list"), query, label, name
    )
