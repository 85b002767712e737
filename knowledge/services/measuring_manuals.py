"""Measures search over manuals as files: read, cut, embedded and ranked as the product does, in a scratch index."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from prsystem.core.text.cleaning import clean_text

from ..manuals.kinds import FAULTS, kind_of
from ..manuals.languages import languages_of
from ..manuals.parts import Part, place_of_label
from ..manuals.process import manual_read
from ..retrieval.fusion import one_per_place
from ..retrieval.lexical import LexicalArticle
from ..retrieval.passages import ArticleText
from .manual_parts import part_title
from .measuring import Advance, Embed, JudgedCollection, ScratchIndex, json_lines

QUESTIONS = "questions.jsonl"
DEPTH = 10


@dataclass(frozen=True)
class Question:
    """`pages` or `section` say where the answer stands in the file; `kind` is whatever its author tells apart."""

    file: str
    text: str
    lang: str
    kind: str
    pages: frozenset[int]
    section: str

    def is_answered_by(self, file: str, part: Part) -> bool:
        if file != self.file:
            return False
        if self.pages:
            return part.page in self.pages
        asked, heading = _plain(self.section), _plain(place_of_label(part.label))
        return bool(asked) and (asked in heading or (bool(heading) and heading.split(" › ")[-1] in asked))


@dataclass
class Tally:
    """How many questions, and of how many the right place came first and among the first three."""

    questions: int = 0
    first: int = 0
    three: int = 0

    def add(self, rank: int | None) -> None:
        self.questions += 1
        self.first += rank == 1
        self.three += rank is not None and rank <= 3

    def as_json(self) -> dict[str, float | int]:
        count = max(1, self.questions)
        shares = {"first": round(self.first / count, 4), "first_three": round(self.three / count, 4)}
        return {"questions": self.questions, **shares}


@dataclass(frozen=True)
class Shelf:
    """The manuals of a folder, read: (file, part) each."""

    parts: list[tuple[str, Part]] = field(default_factory=list)

    def collection(self) -> JudgedCollection:
        files = groupby(self.parts, key=itemgetter(0))
        languages = [lang for _file, rows in files for lang in languages_of([part for _, part in rows])]
        articles = [
            LexicalArticle(n, lang, _article(file, part))
            for n, ((file, part), lang) in enumerate(zip(self.parts, languages, strict=True))
        ]
        keys = [str(n) for n in range(len(articles))]
        return JudgedCollection(keys, articles, [], {}, [""] * len(keys), {}, {})

    def places(self, keys: Iterable[str]) -> list[tuple[str, Part]]:
        """The parts behind ranked keys, one for each place."""
        ranked = one_per_place([int(key) for key in keys], self._place)
        return [self.parts[n] for n in ranked]

    def _place(self, number: int) -> tuple[str, int | str]:
        file, part = self.parts[number]
        return file, part.page or place_of_label(part.label)


def read_questions(folder: Path) -> list[Question]:
    """Raises OSError for a missing file and ValueError for a line that isn't a question with its place."""
    rows = json_lines(folder / QUESTIONS, needed={"file", "question"})
    for row in rows:
        if not (row.get("pages") or row.get("section")):
            raise ValueError(_("A question needs «pages» or «section»: %(text)s") % {"text": row["question"]})
    return [
        Question(
            str(row["file"]),
            str(row["question"]),
            str(row.get("lang") or ""),
            str(row.get("kind") or ""),
            frozenset(int(page) for page in row.get("pages") or ()),
            str(row.get("section") or ""),
        )
        for row in rows
    ]


def read_shelf(folder: Path, files: Sequence[str], advance: Advance) -> Shelf:
    """Every file read by the confined reader. Raises ValueError for one that can't be read."""
    shelf = Shelf()
    for name in files:
        path = folder / name if (folder / name).is_file() else folder / "documents" / name
        with path.open("rb") as file:
            kind = kind_of(file.read(8192), name)
        reading = manual_read(str(path), kind) if kind else None
        if reading is None or reading.fault:
            fault = FAULTS[reading.fault] if reading else _("it is no PDF, DOCX, HTML or Markdown file")
            raise ValueError(f"{name}: {fault}")
        shelf.parts.extend((name, part) for part in reading.parts)
        advance(1)
    return shelf


def _article(file: str, part: Part) -> ArticleText:
    return ArticleText(part_title(Path(file).stem, part), solution=clean_text(part.text))


def measured(
    shelf: Shelf, questions: Sequence[Question], embed: Embed | None, second: Embed | None, advance: Advance
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures, and a row per question with the rank of the right place (None below DEPTH) and what came instead."""
    index = ScratchIndex(shelf.collection(), embed, advance, with_words=True, second=second)
    rows = list(_asked(index, shelf, questions))
    groups: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    total = Tally()
    for row in rows:
        total.add(row["rank"])
        for name in ("kind", "file", "lang"):
            groups[f"by_{name}"][row[name]].add(row["rank"])
    told = {name: {key: tally.as_json() for key, tally in sorted(group.items())} for name, group in groups.items()}
    return {**total.as_json(), "parts": len(shelf.parts), **told}, rows


def _asked(index: ScratchIndex, shelf: Shelf, questions: Sequence[Question]) -> Iterator[dict[str, Any]]:
    for question in questions:
        found = shelf.places(index.search(question.text))[:DEPTH]
        ranks = (rank for rank, row in enumerate(found, start=1) if question.is_answered_by(*row))
        yield {
            "file": question.file,
            "question": question.text,
            "lang": question.lang,
            "kind": question.kind,
            "rank": next(ranks, None),
            "found": [f"{file}, {part.label}" for file, part in found[:3]],
        }


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().split())
