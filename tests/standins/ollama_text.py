"""What the stand-in node says: deterministic text from the passages of the prompt, and vectors from the words."""

import hashlib
import json
import math
import re
from typing import Any

# The shape that the prompt builder gives a passage: "[3] title", then lines that begin with the datamark.
PASSAGE = re.compile(r"^(?:\S+\| )?\[(\d+)\] .*\n((?:\S+\| .*\n?)+)", re.MULTILINE)
MARK = re.compile(r"^\S+\| ", re.MULTILINE)
ORDER = re.compile(r"[^.\n]*\b(?:CANARIO|CANARY)\S*[^.\n]*")


def answer(messages: list[dict[str, Any]], *, schema: bool, kind: str) -> str:
    """Of the last message, as a model does that tells examples from what it is asked. `passages`: first sentences with
    their numbers; `lines`: every line; `silent`: without; `gullible`: what an attacker asked; `echo`: the prompt;
    `said:` and what it says."""
    prompt = str(messages[-1].get("content", ""))
    if kind == "echo":
        return prompt
    if kind.startswith("said:"):
        return kind.removeprefix("said:")
    found = [(int(n), _first_sentence(MARK.sub("", body))) for n, body in PASSAGE.findall(prompt)][:3]
    if kind == "lines":
        found = [(int(n), line.rstrip(" .")) for n, body in PASSAGE.findall(prompt) for line in _lines(body)]
    if kind == "gullible":
        orders = [MARK.sub("", order).strip() for order in ORDER.findall(prompt)]
        found = [(1, order) for order in orders] or found
    if schema:
        return json.dumps({"steps": [{"text": text, "sources": [n]} for n, text in found]}, ensure_ascii=False)
    if kind == "silent":
        return " ".join(f"{text}." for _, text in found)
    return "\n".join(f"{text} [{n}]." for n, text in found) or "No hay casos que respondan."


def stopped(text: str, stop: list[str]) -> str:
    """Ends before the first of the stop sequences, as Ollama does."""
    return text[: min([at for one in stop if (at := text.find(one)) >= 0], default=len(text))]


def _lines(body: str) -> list[str]:
    return [line.strip() for line in MARK.sub("", body).split("\n") if line.strip()]


def _first_sentence(text: str) -> str:
    text = re.sub(r"^\s*\d+[.)]\s+", "", text)
    return re.split(r"(?<=[.;:!?])\s|\n", text.strip())[0].rstrip(" .;:")


def pieces(text: str) -> list[str]:
    """Token-like pieces that join to the text: a word or half of a long one."""
    return re.findall(r"\s*\S{1,6}", text) or [""]


def vector(text: str, dimensions: int) -> list[float]:
    """A bag of hashed words, L2-normalised: texts with common words are near each other."""
    values = [0.0] * dimensions
    for word in re.findall(r"\w+", text.casefold()) or [""]:
        digest = hashlib.sha256(word.encode()).digest()
        values[int.from_bytes(digest[:4]) % dimensions] += 1.0 if digest[4] & 1 else -1.0
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return [value / length for value in values]
