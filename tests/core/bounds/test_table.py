"""The list of bounds is whole and true: each value exists, each worst case is a test, the document says the same."""

import ast
import re
from dataclasses import fields, is_dataclass
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


def functions_of(path: str) -> set[str]:
    tree = ast.parse((Path(settings.BASE_DIR) / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.at)
def test_each_bound_has_a_value_and_its_worst_case(bound: Bound) -> None:
    numbers = (
        [getattr(bound.value, field.name) for field in fields(bound.value)]
        if is_dataclass(bound.value)
        else [bound.value]
    )
    assert all(isinstance(number, int | float) and number > 0 for number in numbers)
    path, _colons, function = bound.test.partition("::")
    assert function.startswith("test_") and function in functions_of(path)


def test_the_document_says_the_same() -> None:
    told = {at: value for value, at in _ROW.findall(PAGE.read_text())}
    assert told == {bound.at: shown(bound.value) for bound in BOUNDS}
