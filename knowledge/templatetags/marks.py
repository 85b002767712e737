"""Marks of what was searched for."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..assistant.words import content_stems, figures

register = template.Library()
_WORD = re.compile(r"[^\W_]+(?:[-_./][^\W_]+)*")


@register.filter
def marked(text: str, asked: str) -> SafeString:
    """The text with the words and codes of `asked` in <mark>, whatever their case, accents and endings."""
    stems, codes = content_stems(asked or ""), figures(asked or "")
    parts, end = [], 0
    for match in _WORD.finditer(text):
        word = match[0]
        if content_stems(word) & stems or figures(word) & codes:
            parts += [(text[end : match.start()], word)]
            end = match.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[end:])
