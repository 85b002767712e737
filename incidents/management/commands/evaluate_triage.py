"""Measure the labelling of reports on a file: `evaluate_triage FILE --label area --json`."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from incidents.triage.learning.measuring import Example, Score, evaluate
from incidents.triage.training import texts_embedded
from knowledge.services.embedding import EmbeddingUnavailable
from prsystem.core.errors import InvalidInput
from prsystem.core.imports.progress import progress_bar
from prsystem.core.imports.tables import table_open

TEXT_COLUMNS = (("title", "titulo"), ("text", "texto", "description", "descripcion"))
SPLIT_COLUMNS = ("split", "part", "parte", "particion")


class Command(BaseCommand):
    """Learns from the file alone: the site's own cases and models are neither read nor changed."""

    help = "Trains on the training part of FILE and measures on the rest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--label", default="area", help=_("column of the label, or its name under `labels`"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            examples = _examples(options["file"], options["label"])
            score = self._measured(examples)
        except (InvalidInput, ValueError) as error:
            raise CommandError(_("The file can't be used: %(reason)s") % {"reason": error}) from error
        values = _values(score)
        lines = [json.dumps(values)] if options["json"] else [f"{name}: {value}" for name, value in values.items()]
        self.stdout.write("\n".join(lines))

    def _measured(self, examples: list[Example]) -> Score:
        if not examples:
            raise ValueError(_("no row has that label"))
        with progress_bar(_("Vectors"), 0) as advance:

            def embed(texts: Sequence[str]) -> np.ndarray:
                vectors = texts_embedded(texts)
                advance(len(texts))
                return vectors

            try:
                return evaluate(examples, embed)
            except EmbeddingUnavailable as error:  # a site without it learns by words alone, too
                self.stderr.write(_("The embedder doesn't answer: %(reason)s") % {"reason": error})
                return evaluate(examples)


def _examples(path: Path, label: str) -> list[Example]:
    found = []
    for row in table_open(path).rows():
        known = row.values.get(label) or row.values.get(f"labels.{label}") or ""
        text = "\n".join(part for names in TEXT_COLUMNS if (part := _first(row.values, names)))
        if known and text:
            found.append(Example(text, known, _first(row.values, SPLIT_COLUMNS)))
    return found


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    return next((values[name] for name in names if values.get(name)), "")


def _values(score: Score) -> dict[str, Any]:
    """The contract's two names first; the rest says how they came about."""
    names = {"tested": "probados", "split": "particion", "method": "metodo"}
    return {names.get(k, k): round(v, 4) if isinstance(v, float) else v for k, v in asdict(score).items()}
