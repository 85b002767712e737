"""The parts of the configuration: apps register theirs in `AppConfig.ready()`; lower positions are applied first.

An item names its object by a natural key, never by an id, and never holds a secret.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput

Item = dict[str, Any]
CREATED, UPDATED, REMOVED, EXTRA = "created", "updated", "removed", "extra"


@dataclass(frozen=True)
class Change:
    """What is done to one object. EXTRA: it isn't in the file and stays. `fields`: name -> {antes, despues}."""

    section: str
    key: str
    action: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Run:
    """One application of a file: who, whether what the file lacks goes, and what was done so far."""

    actor: Actor
    prune: bool = False
    changes: list[Change] = field(default_factory=list)
    errors: dict[str, list[object]] = field(default_factory=dict)

    def reject(self, place: str, messages: list[object]) -> None:
        self.errors.setdefault(place, []).extend(messages)

    def reject_all(self, place: str, error: InvalidInput) -> None:
        for name, messages in error.errors.items():
            self.reject(f"{place}.{name}", messages)


class Section(Protocol):
    """`in_file`: part of the configuration file; `in_sheet`: offered as a table (CSV, XLSX) in the console."""

    @property
    def code(self) -> str: ...

    @property
    def position(self) -> int: ...

    @property
    def label(self) -> Any: ...

    @property
    def in_file(self) -> bool: ...

    @property
    def in_sheet(self) -> bool: ...

    def export(self) -> list[Item]:
        """Every item, in a stable order."""

    def apply(self, items: list[Item], run: Run) -> None:
        """Make the objects equal to the items, in the caller's transaction; errors go into `run`."""

    def columns(self) -> list[str]:
        """Names of an item's values, the key first."""

    def from_row(self, row: dict[str, str]) -> Item:
        """An item out of the cells of a table; InvalidInput under the column's name."""


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    _sections[section.code] = section


_left_out: dict[str, Any] = {}


def leave_out(model: str, reason: Any) -> None:
    """Say why rows of a model (`app.Model`) that the console edits, or some of them, aren't part of the file."""
    _left_out[model] = reason


def left_out() -> dict[str, Any]:
    """Model -> reason."""
    return dict(sorted(_left_out.items()))


def sections() -> list[Section]:
    return sorted(_sections.values(), key=lambda section: (section.position, section.code))


def sections_of_file() -> list[Section]:
    return [section for section in sections() if section.in_file]


def sections_of_sheets() -> list[Section]:
    return [section for section in sections() if section.in_sheet]
