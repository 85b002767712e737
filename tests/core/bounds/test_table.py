"""The list of bounds is whole and true: each value exists, each worst case is a test, the document says the same."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from prsystem.core.bounds.confined import Limits
from prsystem.core.bounds.table import BOUNDS, Bound

MB = 1024 * 1024
PAGE = Path(settings.BASE_DIR) / "docs" / "limites.md"
_ROW = re.compile(r"^\| .+ \| (.+) \| .+ \| `([\w.]+:[\w.]+)` \|$", re.MULTILINE)


def shown(value: Any) -> str:
    """As the document writes it: megabytes where there are whole ones, a blank between thousands."""
    if isinstance(value, Limits):
        return ", ".join(shown(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, int) and value >= MB and value % MB == 0:
        return f"{value // MB} MiB"
    return f"{value:,g}".replace(",", " ") if value < 10**6 else f"{value:,}".replace(",", " ")


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.at)
def test_each_bound_has_a_value_and_its_worst_case(bound: Bound) -> None:
    assert shown(bound.value)
    path, _colons, function = bound.test.partition("::")
    text = (Path(settings.BASE_DIR) / path).read_text()
    assert not function or f"def {function}" in text


def test_the_document_says_the_same() -> None:
    told = {at: value for value, at in _ROW.findall(PAGE.read_text())}
    assert told == {bound.at: shown(bound.value) for bound in BOUNDS}
