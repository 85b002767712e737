"""Small parts of pages that know nothing about the models: icons, faces, moments, links that keep the query."""

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import uuid4
from zlib import crc32

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prsystem.core.text.cleaning import shorten
from prsystem.core.text.markdown import render

register = template.Library()

ICONS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "tabler-icons" / "outline"
FACE_COLOURS = ("red", "orange", "amber", "green", "blue", "violet")
MINUTE, HOUR, DAY = 60, 3600, 86400


@lru_cache(maxsize=256)
def _icon_paths(name: str) -> str:
    """The drawing inside a vendored icon; FileNotFoundError names an icon that was not copied."""
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    body = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    body = re.sub(r'<path stroke="none"[^>]*>', "", body)
    return re.sub(r"\s*\n\s*", "", body)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> SafeString:
    """An inline, decorative SVG; text beside it must carry the meaning."""
    classes = f"icon {css}".strip()
    return mark_safe(  # noqa: S308 -- vendored drawings and template literals only
        f'<svg class="{classes}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" '
        f'stroke-linejoin="round" aria-hidden="true" focusable="false">{_icon_paths(name)}</svg>'
    )


@register.simple_tag
@lru_cache(maxsize=256)
def to(name: str, *args: str) -> str:
    """The address of a page that never changes while the process lives; `{% url %}` without its look-up."""
    return reverse(name, args=args)


@register.simple_tag
def once() -> SafeString:
    """Marks one showing of a form, so that sending it twice does its work once (`page_once`)."""
    return format_html('<input type="hidden" name="token" value="{}">', uuid4().hex)


@register.simple_tag
def face(name: object, css: str = "") -> SafeString:
    """Initials of a person on a colour that stays the same for the name; decorative."""
    return _face(str(name or ""), css)


@lru_cache(maxsize=1024)
def _face(name: str, css: str) -> SafeString:
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return format_html('<span class="face face-none {}" aria-hidden="true">?</span>', css)
    initials = (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()
    colour = FACE_COLOURS[crc32(name.encode()) % len(FACE_COLOURS)]
    return format_html('<span class="face c-{} {}" aria-hidden="true">{}</span>', colour, css, initials)


def _past(seconds: float) -> str:
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        minutes = int(seconds // MINUTE)
        return ngettext("%(n)d min ago", "%(n)d min ago", minutes) % {"n": minutes}
    if seconds < DAY:
        hours = int(seconds // HOUR)
        return ngettext("%(n)d h ago", "%(n)d h ago", hours) % {"n": hours}
    days = int(seconds // DAY)
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


def ago_text(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, in one short phrase; the date itself after thirty days."""
    seconds = ((now or timezone.now()) - moment).total_seconds()
    if seconds >= 30 * DAY:
        return formats.date_format(timezone.localtime(moment), "j b Y")
    return _past(max(seconds, 0))


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """A `<time>` that shows how long ago and, on hover and to machines, exactly when."""
    if moment is None:
        return mark_safe("—")
    local = timezone.localtime(moment)
    exact = formats.date_format(local, "DATETIME_FORMAT")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), exact, ago_text(moment)
    )


@register.filter
def exact(moment: datetime) -> str:
    """Weekday, date and time in the zone of the site: `vie 13 nov 2026, 17:00`."""
    return formats.date_format(timezone.localtime(moment), "D j b Y, H:i")


@register.simple_tag
def duration(seconds: float) -> str:
    """Hours and minutes, or days and hours from two days on: `3 h 20 min`."""
    total = max(int(seconds), 0)
    if total >= 2 * DAY:
        return _("%(days)d d %(hours)d h") % {"days": total // DAY, "hours": total % DAY // HOUR}
    if total >= HOUR and total % HOUR < MINUTE:
        return _("%(hours)d h") % {"hours": total // HOUR}
    if total >= HOUR:
        return _("%(hours)d h %(minutes)d min") % {"hours": total // HOUR, "minutes": total % HOUR // MINUTE}
    return _("%(minutes)d min") % {"minutes": total // MINUTE}


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The present query string with some names changed; None or an empty value removes the name."""
    request = context.get("request")
    params = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.filter
def filesize_short(size: int) -> str:
    """Bytes as KB or MB with the language's separators."""
    if size < 1024 * 1024:
        return _("%(n)s KB") % {"n": formats.number_format(max(1, round(size / 1024)))}
    return _("%(n)s MB") % {"n": formats.number_format(round(size / 1024 / 1024, 1), 1)}


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown from people as clean HTML."""
    return render(text)


_BULLET = re.compile(r"^[ \t]*(?:[-*+]|#{1,6})[ \t]+(?=\D)", re.MULTILINE)
_PAIRED = re.compile(r"(?<!\w)(\*\*|`)(?=\S)([^\n]*?\S)\1(?!\w)")


@register.filter
def excerpt(text: str, length: int = 180) -> str:
    """The beginning of a Markdown text as one line. Bullets become points and the marks of stressed words go; numbers
    stay, those of lists too: «a 4. Probar» may be the value or the next step."""
    plain = _PAIRED.sub(r"\2", _BULLET.sub("· ", text))
    return shorten(" ".join(plain.split()).removeprefix("· "), int(length))


@register.filter
def quoted(text: str, length: int = 260) -> str:
    """The beginning of what is cited, word for word: nothing but its white space is changed, and nothing but its end is
    left out."""
    return shorten("\n".join(line for part in text.split("\n") if (line := " ".join(part.split()))), int(length))
