"""Request bodies: bounded, UTF-8 JSON, never deeper than Python can read, no key twice."""

import codecs
import json
from collections import Counter
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.utils.json import strict_constant

from prsystem.core.errors import TooLarge

MAX_DEPTH = 32
_FORM_OVERHEAD = 64 * 1024
_NAME_TOLD = 60
_utf8 = codecs.getreader("utf-8")


class BoundedJSONParser(JSONParser):
    """A JSON object of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes; a longer body is a 413 before it is read."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: dict[str, Any] | None = None) -> Any:
        _require_length(parser_context, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        try:
            data = json.load(_utf8(stream), parse_constant=strict_constant, object_pairs_hook=_object_of)
        except RecursionError as error:
            raise _too_deep() from error
        except ValueError as error:
            raise ParseError(_("The body isn't valid JSON: %(reason)s") % {"reason": _reason(error)}) from error
        if not isinstance(data, dict):
            raise ParseError(_("A JSON object is expected."))
        if _is_deeper(data, MAX_DEPTH):
            raise _too_deep()
        return data


class BoundedMultiPartParser(MultiPartParser):
    """A form with one file of at most MAX_ATTACHMENT_BYTES; a longer body is a 413 before it is read."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: dict[str, Any] | None = None) -> Any:
        _require_length(parser_context, settings.MAX_ATTACHMENT_BYTES + _FORM_OVERHEAD)
        return super().parse(stream, media_type, parser_context)


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return _("error in line %(line)d, column %(column)d.") % {"line": error.lineno, "column": error.colno}
    if isinstance(error, UnicodeDecodeError):
        return _("it isn't UTF-8.")
    return _("it holds a number that JSON doesn't have.")  # NaN, Infinity, thousands of digits


def _require_length(parser_context: dict[str, Any] | None, limit: int) -> None:
    given = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
    if not given.isdecimal() or int(given[:20]) > limit:
        raise TooLarge()


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers disagree on which of two equal keys counts, so there is no body with two."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _value in pairs).items() if count > 1)
        raise ParseError(_("The key «%(name)s» comes more than once in the JSON.") % {"name": twice[:_NAME_TOLD]})
    return found


def _is_deeper(value: Any, limit: int) -> bool:
    """Level by level: no recursion over what a stranger sent."""
    level = [value]
    for _depth in range(limit):
        level = [inner for item in level if isinstance(item, dict | list) for inner in _children(item)]
        if not level:
            return False
    return any(isinstance(item, dict | list) for item in level)


def _children(item: dict[str, Any] | list[Any]) -> Any:
    return item.values() if isinstance(item, dict) else item


def _too_deep() -> ParseError:
    return ParseError(_("The JSON is nested too deeply."))
