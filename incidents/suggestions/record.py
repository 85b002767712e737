"""The record of an answer: what it was made of, for support."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.case.models import Incident
from knowledge.models import Passage
from knowledge.selectors import article_ids_readable, article_slugs_readable
from prsystem.core.bounds.differences import Opcode, Steps, TooDifferent, ends_alone, opcodes
from prsystem.core.errors import Missing, NotAllowed
from prsystem.core.rights import Rights

from .models import Suggestion
from .proposal import may_read_text, suggestion_for

# Why it stands on no higher rung, as the ladder keeps it.
REASONS = {
    "nothing_similar": _("nothing similar is known"),
    "low_confidence": _("what was found may not answer it"),
    "model_refused": _("the model says that the passages don't answer it"),
    "no_model": _("no model answered"),
    "ungrounded": _("too little of the model's text is in the passages"),
    "no_solution": _("no passage holds steps"),
}
SEARCHES = {"hibrido": _("By words and by meaning"), "texto": _("By words alone")}
# What a replay names as its cause: an input of the answer, or chance.
CAUSES = {
    "entrada": _("the text of the report"),
    "idioma": _("the language"),
    "pasajes": _("the passages"),
    "busqueda": _("how it was searched"),
    "modelo": _("the model"),
    "digest": _("the file of the model"),
    "prompt": _("the version of the prompt"),
    "opciones": _("the options"),
    "juez": _("the model that judges"),
    "azar": _("chance: all that went in is the same"),
}


@dataclass(frozen=True)
class PassageUsed:
    """`slug` is empty for an article that the reader may not read."""

    number: int
    slug: str
    version: str
    kind: str
    score: float

    @property
    def kind_label(self) -> str:
        """In the reader's language; as kept where it is of an older release."""
        known = {str(value): str(label) for value, label in Passage.Kind.choices}
        return known.get(self.kind, self.kind)


@dataclass(frozen=True)
class AnswerRecord:
    """Everything that is known of how an answer came to be. `diff` is empty without a replay."""

    suggestion: Suggestion
    passages: list[PassageUsed]
    model: dict[str, str]
    options: dict[str, Any]
    judge: dict[str, Any]
    times: dict[str, Any]
    prompt: str
    search: str
    reason: str
    groundedness: float | None
    replay: dict[str, Any] = field(default_factory=dict)
    diff: list[str] = field(default_factory=list)

    @property
    def reason_label(self) -> str:
        return str(REASONS.get(self.reason, self.reason))

    @property
    def diff_lines(self) -> list[tuple[str, str]]:
        """(sign, line); the sign is empty for a line of both."""
        return [(line[:1].strip(), line[1:]) for line in self.diff]

    @property
    def replayed_at(self) -> datetime:
        return datetime.fromisoformat(self.replay["en"])

    @property
    def cause_label(self) -> str:
        return str(CAUSES.get(self.replay["causa"], self.replay["causa"]))

    @property
    def inputs_changed(self) -> list[tuple[str, str, str]]:
        """(what, then, now), and first the rung where it is another one."""
        now, then = self.replay.get("peldaño", ""), self.suggestion.rung
        rungs = dict(Suggestion.Rung.choices)
        rung = [(_("How"), rungs.get(then, then), rungs.get(now, now))] if now and now != then else []
        named = ((CAUSES.get(d["what"], d["what"]), d["before"], d["after"]) for d in self.replay["diferencias"])
        return [(str(what), str(before), str(after)) for what, before, after in (*rung, *named)]

    @property
    def search_label(self) -> str:
        return str(SEARCHES.get(self.search, self.search))


def answer_record(incident: Incident, rights: Rights) -> AnswerRecord:
    """Of the newest suggestion. Missing without a finished one, or when its text leans on what isn't readable."""
    if incident.area_id not in rights.reads_incidents:
        raise NotAllowed()
    suggestion = suggestion_for(incident, rights)
    if suggestion is None or not suggestion.is_finished:
        raise Missing()
    if not may_read_text(suggestion, rights):
        raise Missing()
    record = suggestion.record
    replay = _replay_shown(record.get("repeticion") or {}, rights)
    return AnswerRecord(
        suggestion=suggestion,
        passages=_passages(record.get("pasajes", []), rights),
        model=record.get("modelo") or {},
        options=record.get("opciones") or {},
        judge=record.get("juez") or {},
        times=record.get("tiempos") or {"total_ms": suggestion.duration_ms},
        prompt=record.get("prompt", ""),
        search=record.get("busqueda", ""),
        reason=record.get("motivo", ""),
        groundedness=record.get("fundamento"),
        replay=replay,
        diff=text_diff(suggestion.text, replay["texto"]) if replay else [],
    )


def _passages(kept: list[list[Any]], rights: Rights) -> list[PassageUsed]:
    readable = article_slugs_readable(rights, {one[1] for one in kept})
    return [
        PassageUsed(number, slug if slug in readable else "", version, kind, score)
        for number, slug, version, kind, score in kept
    ]


def _replay_shown(replay: dict[str, Any], rights: Rights) -> dict[str, Any]:
    """Nothing of a replay that leans on articles the reader may not read, and of passages only those of articles that
    he may. One of an earlier release doesn't say what its text leans on beside what it cites."""
    used = set(replay.get("articulos", []))
    if not replay or not used <= article_ids_readable(rights, used):
        return {}
    told = {name: _passages_readable(replay.get(name, []), rights) for name in ("ya_no_se_hallan", "se_hallan_ahora")}
    return {**replay, **told, "diferencias": [_difference_shown(one, rights) for one in replay["diferencias"]]}


def _difference_shown(difference: dict[str, str], rights: Rights) -> dict[str, str]:
    if difference["what"] != "pasajes":
        return difference
    sides = {side: _passages_readable(difference[side].split("; "), rights) for side in ("before", "after")}
    return {**difference, **{side: "; ".join(passages) for side, passages in sides.items()}}


def _passages_readable(passages: list[str], rights: Rights) -> list[str]:
    """Those, as `slug version kind`, whose article the reader may read."""
    named = [one for one in passages if one]
    readable = article_slugs_readable(rights, {one.split()[0] for one in named})
    return [one for one in named if one.split()[0] in readable]


def text_diff(before: str, after: str) -> list[str]:
    """Line by line, `-` for what was said then and `+` for what is said now; empty when nothing differs."""
    then, now = before.splitlines(), after.splitlines()
    try:
        found = opcodes(then, now, Steps())
    except TooDifferent:
        found = ends_alone(then, now)
    return [] if all(tag == "equal" for tag, *_places in found) else _near_changes(found, then, now)


def _near_changes(found: list[Opcode], then: list[str], now: list[str]) -> list[str]:
    """Changes with one line of what is the same on each side."""
    lines = []
    for number, (tag, i1, i2, j1, j2) in enumerate(found):
        if tag == "equal":
            first = [f" {then[i1]}"] if number else []
            last = [f" {then[i2 - 1]}"] if number < len(found) - 1 and (not number or i2 - i1 > 1) else []
            lines += first + last
        else:
            lines += [f"-{line}" for line in then[i1:i2]] + [f"+{line}" for line in now[j1:j2]]
    return lines
