"""Measure search on a judged collection: `evaluate_retrieval DIR --json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from integrations.embedder.client import EmbedderError
from prsystem.core.progress import progress_bar

from ...retrieval.evaluation import Measures, evaluate
from ...services.measuring import ScratchIndex, embedder_in_use, read_collection, scratch_tables

MODES = ("hybrid", "lexical", "dense")


class Command(BaseCommand):
    """Uses a scratch index: the knowledge base is neither read nor changed."""

    help = "Measures retrieval on DIR with documents.jsonl, queries.jsonl and qrels.tsv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))
        parser.add_argument("--mode", choices=MODES, default="hybrid")
        parser.add_argument("--query-lang", default="", help=_("only queries in this language"))
        parser.add_argument("--document-lang", default="", help=_("only documents in this language"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            measures = self._measured(options)
        except (OSError, ValueError) as error:
            raise CommandError(_("The collection can't be read: %(reason)s") % {"reason": error}) from error
        except EmbedderError as error:
            raise CommandError(str(error)) from error
        if not measures.queries:
            raise CommandError(_("No query has a relevant document: qrels.tsv names other identifiers."))
        values = measures.as_json()
        lines = [json.dumps(values)] if options["json"] else [f"{name}: {value}" for name, value in values.items()]
        self.stdout.write("\n".join(lines))

    def _measured(self, options: dict[str, Any]) -> Measures:
        collection = read_collection(
            options["folder"], query_lang=options["query_lang"], document_lang=options["document_lang"]
        )
        if not collection.articles or not collection.queries:
            raise CommandError(_("The collection has no documents or no queries."))
        mode = options["mode"]
        embed = None if mode == "lexical" else embedder_in_use()
        with scratch_tables():
            with progress_bar(_("Documents"), len(collection.articles)) as advance:
                index = ScratchIndex(collection, embed, advance, with_words=mode != "dense")
            queries = [(key, text) for key, _, text in collection.queries]
            return evaluate(queries, collection.judgements, index.search)
