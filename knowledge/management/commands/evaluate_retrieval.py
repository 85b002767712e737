"""Measure search on a judged collection: `evaluate_retrieval DIR --json`."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from integrations.embedder.client import EmbedderError
from prsystem.core.imports.progress import progress_bar

from ...assistant.ladder import Thresholds
from ...retrieval.abstain import probability_of
from ...retrieval.evaluation import abstention, evaluate
from ...services.measuring import JudgedCollection, ScratchIndex, embedders_in_use, read_collection, scratch_tables

MODES = ("hybrid", "lexical", "dense")


class Command(BaseCommand):
    """Uses a scratch index: the knowledge base is neither read nor changed."""

    help = "Measures retrieval on DIR with documents.jsonl, queries.jsonl and qrels.tsv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))
        parser.add_argument("--mode", choices=MODES, default="hybrid")
        parser.add_argument("--query-lang", default="", help=_("only queries in this language"))
        parser.add_argument("--signs", type=Path, help=_("a file for what the probabilities are made from"))
        parser.add_argument("--document-lang", default="", help=_("only documents in this language"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            values = self._measured(options)
        except (OSError, ValueError) as error:
            raise CommandError(_("The collection can't be read: %(reason)s") % {"reason": error}) from error
        except EmbedderError as error:
            raise CommandError(str(error)) from error
        if not values["queries"]:
            raise CommandError(_("No query has a relevant document: qrels.tsv names other identifiers."))
        lines = [json.dumps(values)] if options["json"] else [f"{name}: {value}" for name, value in values.items()]
        self.stdout.write("\n".join(lines))

    def _measured(self, options: dict[str, Any]) -> dict[str, Any]:
        collection = read_collection(
            options["folder"], query_lang=options["query_lang"], document_lang=options["document_lang"]
        )
        if not collection.articles or not collection.queries:
            raise CommandError(_("The collection has no documents or no queries."))
        mode = options["mode"]
        embed, second = [*([] if mode == "lexical" else embedders_in_use()), None, None][:2]
        with scratch_tables():
            with progress_bar(_("Documents"), len(collection.articles)) as advance:
                index = ScratchIndex(collection, embed, advance, with_words=mode != "dense", second=second)
            queries = [(key, text) for key, _, text in collection.queries]
            values: dict[str, Any] = evaluate(queries, collection.judgements, index.search).as_json()
            if collection.answerable:
                rows = list(_judged(collection, index))
                values["abstention"] = abstention(_best(rows), Thresholds().answer)
                if options["signs"]:
                    options["signs"].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return values


def _judged(collection: JudgedCollection, index: ScratchIndex) -> Iterator[dict[str, Any]]:
    """A row per query and candidate. Where every query has an answer, each is asked a second time with it taken
    away."""
    takes_away = all(collection.answerable.values())
    for query, _lang, text in collection.queries:
        if query not in collection.answerable:
            continue
        right = collection.without_answer(query)
        for is_answerable in [True, False] if takes_away and right else [collection.answerable[query]]:
            gone = right if takes_away and not is_answerable else set()
            space, found = index.signs(text, area=collection.asked_from[query], without=gone)
            for number, signs in found:
                yield {
                    "query": query,
                    "is_answerable": is_answerable,
                    "is_right": number in right,
                    "probability": round(probability_of(signs, space), 4),
                    "signs": {name: round(value, 5) for name, value in signs.items()},
                }


def _best(rows: Iterable[dict[str, Any]]) -> list[tuple[bool, float]]:
    """By query, with its answer and without, the highest probability of its candidates: what decides."""
    best: dict[tuple[str, bool], float] = {}
    for row in rows:
        key = (row["query"], row["is_answerable"])
        best[key] = max(best.get(key, 0.0), row["probability"])
    return [(is_answerable, value) for (_query, is_answerable), value in best.items()]
