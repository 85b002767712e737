"""Examine the assistant on the closed cases: `exam --json`, `exam --model qwen3:8b`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from incidents.exams.models import ExamRun
from incidents.exams.services import CASES, exam_run
from knowledge.in_use import chat_model_now


class Command(BaseCommand):
    help = "Asks the assistant what the closed cases asked and measures it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--model", help=_("chat model; by default the one in use, and the passages alone"))
        parser.add_argument("--limit", type=int, default=CASES, help=_("at most so many cases, newest first"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        names = [options["model"]] if options["model"] else list(dict.fromkeys(("", chat_model_now())))
        exams = [exam for name in names if (exam := exam_run(chat_model=name, limit=max(1, options["limit"])))]
        if not exams:
            raise CommandError(_("There are no solved cases whose resolution became knowledge."))
        found = [_facts(exam) for exam in exams]
        if options["json"]:
            self.stdout.write(json.dumps({"examenes": found}, ensure_ascii=False))
            return
        for one in found:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in one.items()))


def _facts(exam: ExamRun) -> dict[str, Any]:
    return {
        "modelo": exam.chat_model or "extractiva",
        "estado": exam.state,
        "puntaje": exam.score,
        "recall@5": round(exam.recall_at_5, 3),
        "fundamento": round(exam.groundedness, 3),
        "rechazos": round(exam.refusal_rate, 3),
        "casos": exam.cases,
        **{code: len(numbers) for code, numbers in exam.verdicts.items()},
        "prompt": exam.prompt_version,
        "embedder": exam.embedder,
        "digest": exam.model_digest,
        "segundos": exam.seconds,
    }
