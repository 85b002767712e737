"""Every address of the site, read from the URL table."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

SLASH = "_slash"
CONVERTERS = re.compile(r"<(?:\w+:)?(\w+)>")


def walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from walk(pattern.url_patterns, route)


ALL = list(walk(get_resolver().url_patterns))
ADMIN = sorted(route for route, _pattern in ALL if route.startswith("admin/"))
OURS = {pattern.name or route: route for route, pattern in ALL if not route.startswith("admin/")}
NAMES = sorted(name for name in OURS if not name.endswith(SLASH))
