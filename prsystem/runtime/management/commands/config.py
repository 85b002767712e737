"""`manage.py config export|plan|apply`: the configuration as a YAML file, without secrets."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prsystem.core.context import SYSTEM
from prsystem.core.errors import DomainError
from prsystem.runtime.config.applying import changes_json, config_apply, config_export, config_plan
from prsystem.runtime.config.files import from_yaml, to_yaml
from prsystem.runtime.config.sections import EXTRA, Change

DIFFERS = 2
SIGNS = {"created": "+", "updated": "~", "removed": "-", "extra": "?"}


class Command(BaseCommand):
    help = (
        "export the configuration to YAML, plan (show what a file would change; exit code 2 when anything), or apply "
        "it. Secrets are never written; what a file lacks stays unless --prune."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="write the configuration")
        export.add_argument("file", nargs="?", type=Path, help="standard output when not given")
        for verb, text in (("plan", "show what would change"), ("apply", "make the configuration equal to the file")):
            one = verbs.add_parser(verb, help=text)
            one.add_argument("file", type=Path)
            one.add_argument("--prune", action="store_true", help="remove or switch off what the file lacks")
            one.add_argument("--json", action="store_true", help="print the changes as one JSON object")

    def handle(self, *args: Any, verb: str, file: Path | None, **options: Any) -> None:
        if verb == "export":
            self._export(file)
            return
        try:
            content = from_yaml(_text_of(Path(str(file))))
            act = config_plan if verb == "plan" else config_apply
            changes = act(actor=SYSTEM, content=content, prune=options["prune"])
        except OSError as error:
            raise CommandError(_("The file can't be read: %(reason)s.") % {"reason": error.strerror}) from error
        except DomainError as error:
            raise CommandError(_reasons(error)) from error
        self._print(changes, as_json=options["json"])
        if verb == "plan" and any(change.action != EXTRA for change in changes):
            raise SystemExit(DIFFERS)

    def _export(self, file: Path | None) -> None:
        text = to_yaml(config_export())
        if file is None:
            self.stdout.write(text, ending="")
            return
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(_("The file can't be written: %(reason)s.") % {"reason": error.strerror}) from error

    def _print(self, changes: list[Change], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"cambios": changes_json(changes)}, ensure_ascii=False, default=str))
            return
        for change in changes:
            self.stdout.write(f"{SIGNS[change.action]} {change.section} {change.key}")
            for name, sides in change.fields.items():
                self.stdout.write(f"    {name}: {sides['antes']!r} -> {sides['despues']!r}")
        count = len([change for change in changes if change.action != EXTRA])
        self.stdout.write(ngettext("%(n)d change.", "%(n)d changes.", count) % {"n": count})


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(_("The file isn't text in UTF-8.")) from error


def _reasons(error: DomainError) -> str:
    lines = [f"{place}: {message}" for place, messages in error.errors.items() for message in messages]
    return "\n".join(lines) or str(error)
