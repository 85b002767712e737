"""What a new OpenAPI document breaks for those who use the old one. Pure.

What a client sends may only become freer; what it receives may only become more. Additions are never named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
UPPER, LOWER = ("maximum", "maxLength", "maxItems"), ("minimum", "minLength", "minItems")


def breaks(base: Document, new: Document) -> list[str]:
    """One line for each change that may break a client, in the order of the old document."""
    return list(_Comparison(base, new).paths())


@dataclass(frozen=True)
class _Pair:
    """Two versions of a schema at one place; `sent` says that the client writes it."""

    where: str
    base: Document
    new: Document
    sent: bool


class _Comparison:
    def __init__(self, base: Document, new: Document) -> None:
        self.base, self.new = base, new
        self.seen: set[tuple[str, str, bool]] = set()

    def paths(self) -> Iterator[str]:
        for path, methods in self.base["paths"].items():
            if path not in self.new["paths"]:
                yield f"{path}: path removed"
                continue
            for method in (name for name in METHODS if name in methods):
                now = self.new["paths"][path].get(method)
                where = f"{method.upper()} {path}"
                yield from self.operation(where, methods[method], now) if now else [f"{where}: method removed"]

    def operation(self, where: str, base: Document, new: Document) -> Iterator[str]:
        self.seen.clear()
        yield from self.parameters(where, base, new)
        yield from self.body(where, base.get("requestBody"), new.get("requestBody"))
        for status, answer in base.get("responses", {}).items():
            now = new.get("responses", {}).get(status)
            place = f"{where} {status}"
            removed = [f"{place}: status removed"]
            yield from removed if now is None else self.content(place, answer, now, sent=False)

    def parameters(self, where: str, base: Document, new: Document) -> Iterator[str]:
        old = {(row["in"], row["name"]): row for row in base.get("parameters", [])}
        now = {(row["in"], row["name"]): row for row in new.get("parameters", [])}
        for key in old.keys() - now.keys():
            yield f"{where} {key[1]}: parameter removed"
        for key, row in now.items():
            place, known = f"{where} {key[1]}", old.get(key, {})
            if row.get("required") and not known.get("required"):
                yield f"{place}: parameter is required now"
            if known:
                yield from self.schema(_Pair(place, known.get("schema", {}), row.get("schema", {}), sent=True))

    def body(self, where: str, base: Document | None, new: Document | None) -> Iterator[str]:
        if new and new.get("required") and not (base or {}).get("required"):
            yield f"{where}: a body is required now"
        if base and not new:
            yield f"{where}: body removed"
        elif base and new:
            yield from self.content(f"{where} body", base, new, sent=True)

    def content(self, where: str, base: Document, new: Document, *, sent: bool) -> Iterator[str]:
        for media, old in base.get("content", {}).items():
            now = new.get("content", {}).get(media)
            if now is None:
                yield f"{where}: {media} removed"
                continue
            yield from self.schema(_Pair(where, old.get("schema", {}), now.get("schema", {}), sent))

    def schema(self, pair: _Pair) -> Iterator[str]:
        names = (pair.base.get("$ref", ""), pair.new.get("$ref", ""), pair.sent)
        if any(names[:2]):
            if names in self.seen:
                return
            self.seen.add(names)
        pair = _Pair(pair.where, _resolved(self.base, pair.base), _resolved(self.new, pair.new), pair.sent)
        yield from _types(pair)
        yield from _enums(pair)
        yield from _limits(pair) if pair.sent else ()
        yield from self.fields(pair)
        for key in ("items", "additionalProperties"):
            old, now = pair.base.get(key), pair.new.get(key)
            if isinstance(old, dict) and isinstance(now, dict):
                yield from self.schema(_Pair(f"{pair.where}[]", old, now, pair.sent))

    def fields(self, pair: _Pair) -> Iterator[str]:
        old, now = pair.base.get("properties", {}), pair.new.get("properties", {})
        needed, promised = set(pair.new.get("required", [])), set(pair.base.get("required", []))
        if pair.sent:
            yield from (f"{pair.where}.{name}: field is required now" for name in sorted(needed - promised))
        else:
            gone = sorted((promised - needed) & now.keys())
            yield from (f"{pair.where}.{name}: field may be missing now" for name in gone)
        for name, schema in old.items():
            if name not in now:
                yield f"{pair.where}.{name}: field removed"
                continue
            yield from self.schema(_Pair(f"{pair.where}.{name}", schema, now[name], pair.sent))


def _resolved(document: Document, schema: Document) -> Document:
    """The schema with its reference and its `allOf` parts put in."""
    if "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return _resolved(document, found)
    merged = {key: value for key, value in schema.items() if key != "allOf"}
    for part in schema.get("allOf", []):
        merged = {**_resolved(document, part), **merged}
    return merged


def _kinds(schema: Document) -> set[str]:
    kinds = schema.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found | {"integer"} if "number" in found else found


def _types(pair: _Pair) -> Iterator[str]:
    old, now = _kinds(pair.base), _kinds(pair.new)
    wider, narrower = (now, old) if pair.sent else (old, now)
    if wider and (not narrower or narrower - wider):
        yield f"{pair.where}: type {_words(old)} became {_words(now)}"
    elif pair.new.get("format") != pair.base.get("format") and (pair.base.get("format") or pair.sent):
        yield f"{pair.where}: format {pair.base.get('format')} became {pair.new.get('format')}"


def _words(kinds: set[str]) -> str:
    return "/".join(sorted(kinds)) or "anything"


def _enums(pair: _Pair) -> Iterator[str]:
    """A value no longer taken. A new value in an answer is an addition: clients must bear it."""
    old, now = pair.base.get("enum"), pair.new.get("enum")
    if not pair.sent or now is None:
        return
    if old is None:
        yield f"{pair.where}: only some values are taken now"
        return
    yield from (f"{pair.where}: value {value!r} is no longer taken" for value in old if value not in now)


def _limits(pair: _Pair) -> Iterator[str]:
    for key in UPPER + LOWER:
        old, now = pair.base.get(key), pair.new.get(key)
        if now is None or old == now:
            continue
        if old is None or (now < old if key in UPPER else now > old):
            yield f"{pair.where}: {key} {old} became {now}"
    if pair.new.get("pattern") not in (None, pair.base.get("pattern")):
        yield f"{pair.where}: another pattern"
