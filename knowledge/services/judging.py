"""How well answers are checked: sentences that are known to be faithful or planted, through the path of a model's
answer."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..assistant.grounding import Grounding, GrowingAnswer
from ..assistant.prompts import build_prompt
from ..assistant.records import Passage

FAITHFUL = "ok"


@dataclass(frozen=True)
class Judged:
    """An answer whose truth is known: `kind` is FAITHFUL, or what was planted in it."""

    id: str
    kind: str
    passages: tuple[Passage, ...]
    text: str


@dataclass(frozen=True)
class Outcome:
    """`is_accepted`: every sentence is supported and shown as it stands."""

    judged: Judged
    grounding: Grounding
    is_accepted: bool

    @property
    def is_wrong(self) -> bool:
        return self.is_accepted != (self.judged.kind == FAITHFUL)


def judged_in(path: Path) -> Iterator[Judged]:
    """The lines `{id, kind, passages: [{n, title, text}], text}` of a file. Raises ValueError and OSError."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            passages = tuple(_passage(given) for given in row["passages"])
            yield Judged(str(row["id"]), str(row["kind"]), passages, str(row["text"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"line {number}: {type(error).__name__} {error}") from error


def _passage(given: dict[str, Any]) -> Passage:
    n = int(given["n"])
    return Passage(n, n, f"p{n}", str(given["title"]), "1.0", "solution", "", str(given["text"]), 1.0)


def outcome_of(judged: Judged) -> Outcome:
    """What a model's answer would have come to: with the passages that a prompt takes, streamed, checked."""
    growing = GrowingAnswer(build_prompt("", judged.passages, lang="es").passages)
    growing.feed(judged.text)
    grounding = growing.finish()
    is_accepted = (
        not grounding.fault
        and bool(grounding.sentences)
        and all(s.is_supported and s.is_shown for s in grounding.sentences)
    )
    return Outcome(judged, grounding, is_accepted)


def summary(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """`caught` of the planted, `false_alarms` of the faithful, and for each kind how many of how many went right."""
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.judged.kind].append(not outcome.is_wrong)
    planted = [is_right for kind, rights in by_kind.items() if kind != FAITHFUL for is_right in rights]
    faithful = by_kind.get(FAITHFUL, [])
    return {
        "caught": _share(planted),
        "false_alarms": round(1 - _share(faithful), 4) if faithful else 0.0,
        "by_kind": {
            kind: {"right": sum(rights), "of": len(rights), "share": _share(rights)}
            for kind, rights in sorted(by_kind.items())
        },
    }


def _share(rights: list[bool]) -> float:
    return round(sum(rights) / len(rights), 4) if rights else 0.0
