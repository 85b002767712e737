"""Find the messages that the Spanish catalogue lacks, without gettext's tools: `python -m prsystem.runner.messages`."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from .program import PROJECT

APPS = ("prsystem", "audit", "integrations", "knowledge", "incidents")
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
SOURCE_LANGUAGE = "en"


def _strings(node: ast.Call, name: str) -> Iterator[str]:
    arguments = node.args[1:] if "pgettext" in name else node.args
    for argument in arguments[: 2 if name in PLURAL else 1]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def python_messages(source: str) -> set[str]:
    """The literal arguments of gettext's functions in Python source."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    found: set[str] = set()
    for call in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name in SINGULAR | PLURAL:
            found.update(_strings(call, name))
    return found


def template_messages(source: str) -> set[str]:
    """The messages of a Django template, which Django itself turns into gettext calls between filler."""
    calls = re.findall(r"\bn?p?gettext\((?:[^()'\"]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*\)", _as_calls(source))
    return {message for call in calls for message in python_messages(call.replace(",count", ", count"))}


def _as_calls(source: str) -> str:
    # templatize writes `_(...)` for {{ _("...") }} and u-prefixed literals of some versions.
    return re.sub(r"(?<![\w.])_\(", "gettext(", str(templatize(source)))


def used_messages(root: Path = PROJECT) -> set[str]:
    found: set[str] = set()
    for app in APPS:
        for path in (root / app).rglob("*.py"):
            found |= python_messages(path.read_text(encoding="utf-8"))
        for path in (root / app).rglob("templates/**/*.*"):
            if path.suffix in {".html", ".txt"}:
                found |= template_messages(path.read_text(encoding="utf-8"))
    return found - {""}


def problems(catalogue: Path, used: set[str]) -> list[str]:
    """One line for each message that is missing, empty or fuzzy; and for each that nothing uses."""
    entries = [entry for entry in polib.pofile(str(catalogue)) if not entry.obsolete]
    known = {text for entry in entries for text in (entry.msgid, entry.msgid_plural) if text}
    lines = [f"missing: {message!r}" for message in sorted(used - known)]
    lines += [f"not translated: {entry.msgid!r}" for entry in entries if not entry.translated()]
    lines += [f"unused: {entry.msgid!r}" for entry in entries if entry.msgid not in used]
    return lines


def main() -> int:
    used = used_messages()
    lines = [
        f"{path.relative_to(PROJECT)}: {line}"
        for path in sorted((PROJECT / "prsystem" / "locale").glob("*/LC_MESSAGES/django.po"))
        if path.parts[-3] != SOURCE_LANGUAGE
        for line in problems(path, used)
    ]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
