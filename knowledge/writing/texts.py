"""The texts of a version by the contract's names, and what two hands made of them. Pure but for the model's names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..models import Version

# Of the contract -> of the model.
FIELDS = {"titulo": "title", "problema": "problem", "causa": "cause", "solucion": "solution", "idioma": "lang"}
LANGUAGES = ("es", "en")


@dataclass(frozen=True)
class Draft:
    """What somebody wants a version to say; `lang` empty: recognised from the text. Not checked yet."""

    title: str
    problem: str = ""
    cause: str = ""
    solution: str = ""
    lang: str = ""

    @classmethod
    def of(cls, version: Version, given: Mapping[str, Any] | None = None) -> "Draft":
        """The texts of a version with some of them replaced; `given` by the contract's names."""
        texts = {name: getattr(version, name) for name in FIELDS.values()}
        return cls(**{**texts, **{FIELDS[name]: value for name, value in (given or {}).items() if name in FIELDS}})


def values_of(version: Version) -> dict[str, str]:
    """By the contract's names."""
    return {name: getattr(version, field) for name, field in FIELDS.items()}


def differences(version: Version, wanted: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Each text that isn't as wanted: what was sent (`suyo`) and what is there now (`actual`). `wanted` by the
    model's names."""
    now = {name: (wanted[field], getattr(version, field)) for name, field in FIELDS.items()}
    return {name: {"suyo": own, "actual": there} for name, (own, there) in now.items() if own != there}
